// 页面增强：选行、单键操作、确认框、草稿、菜单。没有它页面照常可用；不用 eval，可在严格 CSP 下运行。
(() => {
  const root = document.documentElement, words = (document.getElementById('words') || {}).dataset || {};
  root.classList.add('js');
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const on = (type, handler) => document.addEventListener(type, handler);

  /* ---- 选行与计数 ---- */
  const boxes = () => all('[data-rows] tbody .cb');
  const sync = () => {
    const rows = boxes(), n = rows.filter(box => box.checked).length;
    rows.forEach(box => box.closest('tr').classList.toggle('sel', box.checked));
    all('[data-selcount]').forEach(el => { el.textContent = n; });
    all('[data-all]').forEach(box => { box.checked = n > 0 && n === rows.length; box.indeterminate = n > 0 && n < rows.length; });
    all('[data-needs-rows]').forEach(button => { button.disabled = !n; });
  };
  on('change', event => {
    if (event.target.matches('[data-all]')) boxes().forEach(box => { box.checked = event.target.checked; });
    if (event.target.matches('.cb')) sync();
    if (event.target.matches('[data-autosubmit]')) event.target.form.submit();
  });
  on('click', event => {
    if (event.target.closest('[data-clear]')) { boxes().forEach(box => { box.checked = false; }); sync(); }
  });

  /* ---- 单键操作：J K X E / ?，输入文字或选字时不起作用，可以关掉 ---- */
  const KEYS = 'xc-keys-off';
  const keysOff = () => { try { return localStorage.getItem(KEYS) === '1'; } catch { return false; } };
  const setKeys = active => { try { active ? localStorage.removeItem(KEYS) : localStorage.setItem(KEYS, '1'); } catch { /* 浏览器不许存储时保持默认 */ } };
  const typing = el => el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === 'INPUT' && !/^(checkbox|radio|button|submit)$/.test(el.type));
  let current = -1;
  const rows = () => all('[data-rows] tbody tr').filter(row => row.querySelector('a[href]'));
  const move = step => {
    const list = rows();
    const focused = list.findIndex(row => row.contains(document.activeElement));
    current = Math.max(0, Math.min(list.length - 1, (focused < 0 ? current : focused) + step));
    const link = list[current] && (list[current].querySelector('.ell a[href]') || list[current].querySelector('a[href]'));
    if (link) link.focus();
  };
  const row = () => rows().find(each => each.contains(document.activeElement)) || rows()[current];
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    x: () => { const box = row() && row().querySelector('.cb'); if (box) { box.checked = !box.checked; sync(); } },
    e: () => { const act = row() && row().querySelector('.op a, .op button'); if (act) act.click(); },
    '/': () => { const field = document.getElementById('q') || document.querySelector('.queryform input'); if (field) field.focus(); },
    '?': () => openKeys(),
  };
  on('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const button = event.target.form && [...event.target.form.elements].find(el => el.type === 'submit');
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    const act = acts[event.key.toLowerCase()];
    if (act && !keysOff()) { event.preventDefault(); act(); }
  });

  /* ---- 对话框：快捷键说明，提交前确认 ---- */
  const keysDialog = document.getElementById('dlg-keys'), confirmDialog = document.getElementById('dlg-confirm');
  const openKeys = () => {
    if (!keysDialog || !keysDialog.showModal) return;
    keysDialog.querySelector('[data-keys-on]').checked = !keysOff();
    keysDialog.showModal();
  };
  on('click', event => {
    if (event.target.closest('[data-keys]')) openKeys();
    const cancel = event.target.closest('dialog [data-cancel]');
    if (cancel) cancel.closest('dialog').close();
  });
  if (keysDialog) keysDialog.addEventListener('change', event => setKeys(event.target.checked));

  const hidden = (form, name, value) => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  };
  const send = (form, button) => {          // 不用 requestSubmit：Safari 15 没有
    hidden(form, 'confirmed', '1');
    if (button && button.name) hidden(form, button.name, button.value);
    if (button && button.formAction && button.hasAttribute('formaction')) form.action = button.formAction;
    dropDraft(form);
    form.submit();
  };
  let pressed = null;
  on('click', event => { pressed = event.target.closest('button, input[type=submit]'); });
  on('submit', event => {
    const form = event.target, button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!text || form.method !== 'post' || !confirmDialog || !confirmDialog.showModal) { dropDraft(form); return; }
    event.preventDefault();
    const go = confirmDialog.querySelector('[data-go]');
    document.getElementById('dlg-confirm-p').textContent = text.replace('{n}', boxes().filter(box => box.checked).length);
    go.textContent = button ? button.textContent.trim() : go.textContent;
    go.onclick = () => { confirmDialog.close(); send(form, button); };
    confirmDialog.showModal();
    confirmDialog.querySelector('[data-cancel]').focus();
  });

  /* ---- 草稿：只存在本标签页，提交、退出、换人即清 ---- */
  const PREFIX = 'xc-draft:', user = document.body.dataset.user || '';
  const store = (() => { try { return sessionStorage; } catch { return null; } })();
  const draftKey = form => `${PREFIX}${user}:${location.pathname}:${form.dataset.draft}`;
  const keep = field => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && field.name !== 'csrfmiddlewaretoken';
  const read = form => [...form.elements].filter(keep).map(field => [field.name, field.value, /^(checkbox|radio)$/.test(field.type) ? field.checked : null]);
  const dropDraft = form => { if (store && form.dataset.draft) { form.dataset.sent = '1'; store.removeItem(draftKey(form)); } };
  const dropAll = test => { if (store) Object.keys(store).filter(key => key.startsWith(PREFIX) && test(key)).forEach(key => store.removeItem(key)); };
  const clock = () => new Date().toTimeString().slice(0, 5);
  const line = form => {
    let note = form.querySelector('.draft');
    if (!note) {
      note = document.createElement('span');
      note.className = 'draft';
      note.setAttribute('role', 'status');
      (form.querySelector('.formfoot') || form).append(note);
    }
    return note;
  };
  const save = form => {
    if (form.dataset.sent || !form.dataset.dirty) return;
    const at = clock();
    store.setItem(draftKey(form), JSON.stringify({ at, values: read(form) }));
    line(form).textContent = `${words.saved} ${at}`;
  };
  const restore = (form, values) => {
    const left = values.slice();
    [...form.elements].filter(keep).forEach(field => {
      const i = left.findIndex(([name, value, ticked]) => name === field.name && (ticked === null || value === field.value));
      if (i < 0) return;
      const [[, value, ticked]] = left.splice(i, 1);
      if (ticked === null) field.value = value; else field.checked = ticked;
    });
  };
  const offer = (form, draft) => {
    const box = document.createElement('div'), text = document.createElement('span');
    box.className = 'callout blue';
    text.textContent = `${words.found} ${draft.at}`;
    const choice = (label, act) => {
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'linkbtn', textContent: label });
      button.addEventListener('click', () => { act(); box.remove(); });
      return button;
    };
    box.append(text, choice(words.restore, () => restore(form, draft.values)), choice(words.drop, () => store.removeItem(draftKey(form))));
    form.prepend(box);
  };
  const drafts = () => all('form[data-draft]').forEach(form => {
    if (!store || form.dataset.ready) return;
    form.dataset.ready = '1';
    const text = store.getItem(draftKey(form));
    if (text && !form.querySelector('.errorsummary')) offer(form, JSON.parse(text));
    form.addEventListener('input', () => { form.dataset.dirty = '1'; });
    form.addEventListener('focusout', () => save(form));
    setInterval(() => save(form), 20000);
  });
  on('submit', event => { if (event.target.matches('[data-signout]')) dropAll(() => true); });
  dropAll(key => !key.startsWith(`${PREFIX}${user}:`));

  /* ---- 菜单、错误摘要、步骤条 ---- */
  on('click', event => all('details.menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false; }));
  on('keydown', event => {
    if (event.key !== 'Escape') return;
    all('details.menu[open]').forEach(menu => { menu.open = false; menu.querySelector('summary').focus(); });
    if (location.hash === '#nav') location.hash = '#main';
  });
  on('click', event => {                     // 摘要里的链接把光标放进对应的输入项
    const link = event.target.closest('.errorsummary a');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches('input,select,textarea') ? target : target.querySelector('input,select,textarea') || target;
    field.scrollIntoView({ block: 'center' });
    field.focus();
  });
  const steps = () => all('[data-steps]').forEach(list => {
    const now = list.querySelector('.now');
    if (list.scrollWidth <= list.clientWidth) return;
    list.tabIndex = 0;
    if (now) list.scrollLeft = now.offsetLeft - list.clientWidth / 2 + 42;
  });

  /* ---- htmx：换内容时报忙、移焦点、报失败 ---- */
  on('htmx:beforeRequest', event => event.detail.target.setAttribute('aria-busy', 'true'));
  on('htmx:afterRequest', event => event.detail.target.removeAttribute('aria-busy'));
  on('htmx:afterSettle', event => {
    const focus = event.detail.elt.querySelector && event.detail.elt.querySelector('[data-focus]');
    if (focus) focus.focus();
    start();
  });
  on('htmx:sendError', () => { const flash = document.getElementById('flash'); if (flash) flash.textContent = words.failed; });

  const start = () => { sync(); drafts(); steps(); };
  start();
  const focus = document.querySelector('[data-focus]');
  if (focus) focus.focus();

  /* ---- 双击只提交一次；三秒后还在这一页的（下载、出错），可以再按 ---- */
  on('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.pressed) { event.preventDefault(); return; }
    form.dataset.pressed = '1';
    setTimeout(() => { delete form.dataset.pressed; }, 3000);
  });
})();
