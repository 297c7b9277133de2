from tests.factories import rectification as make


def test_an_item_goes_the_whole_way(world):
    item = make.closed_item(world)
    assert item.status == "CLOSED"
