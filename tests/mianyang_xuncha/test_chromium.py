"""The browser that the page tests drive."""

import pytest


@pytest.mark.chromium
def test_the_browser_shows_a_page_and_runs_its_script(page):
    page.set_content("<h1>巡察到村</h1><script>document.title = document.querySelector('h1').textContent</script>")
    assert page.title() == "巡察到村"


@pytest.mark.chromium
def test_a_page_can_be_opened_without_script_and_as_narrow_as_a_phone(new_page):
    page = new_page(width=390, javascript=False)
    page.set_content("<p>未运行</p><script>document.querySelector('p').textContent = '已运行'</script>")
    assert page.text_content("p") == "未运行"
    assert page.viewport_size["width"] == 390
