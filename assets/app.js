// The whole of the script: it ticks clocks, takes keys, refreshes regions. Every page works without it.
// No htmx: all that is needed is to fetch the same page again and swap regions by id, which fits below.
const root = document.documentElement, ja = root.lang === 'ja';
const skew = Date.parse(root.dataset.now) - Date.now();          // The server's clock is the authority.
const now = () => Date.now() + skew;
const p2 = n => String(n).padStart(2, '0');

const left = ms => {
  const over = ms < 0, s = Math.floor(Math.abs(ms) / 1000), d = Math.floor(s / 86400);
  const t = `${p2(Math.floor(s / 3600) % 24)}:${p2(Math.floor(s / 60) % 60)}`;
  const body = d >= 7 ? (ja ? `${d}日` : `${d} d`) : d ? (ja ? `${d}日 ${t}` : `${d} d ${t}`) : `${t}:${p2(s % 60)}`;
  return over ? (ja ? `超過 ${body}` : `over ${body}`) : body;
};
const units = new Intl.RelativeTimeFormat(root.lang, { numeric: 'auto' });
const ago = ms => {
  const s = Math.round(ms / 1000), a = Math.abs(s);
  return a < 60 ? units.format(s, 'second') : a < 3600 ? units.format(Math.round(s / 60), 'minute')
    : a < 86400 ? units.format(Math.round(s / 3600), 'hour') : units.format(Math.round(s / 86400), 'day');
};
const say = (e, text) => { if (e.textContent !== text) e.textContent = text; };
const tick = () => {
  for (const e of document.querySelectorAll('[data-until]')) {
    const ms = Date.parse(e.dataset.until) - now();
    say(e, left(ms));
    // The word 残り stands before the time; once over, 超過 says all.
    const word = e.closest('.left')?.querySelector('small');
    if (word && word.hidden !== ms < 0) word.hidden = ms < 0;
  }
  for (const e of document.querySelectorAll('time[data-rel]')) say(e, ago(Date.parse(e.dateTime) - now()));
};
tick(); setInterval(tick, 1000);

// An error summary takes the focus, so that it is read first.
document.querySelector('.errors[tabindex]')?.focus();

// Keys: / search, c declare, n note, ? help. Never while typing or composing; the account page switches them off.
const keysOff = () => localStorage.getItem('keys') === 'off';
addEventListener('keydown', e => {
  if (e.key === 'Escape') for (const d of document.querySelectorAll('details.menu[open]')) { d.open = false; d.querySelector('summary').focus(); }
  if (keysOff() || e.metaKey || e.ctrlKey || e.altKey || e.isComposing || e.target.closest('input,textarea,select,[contenteditable]')) return;
  const t = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (t) { e.preventDefault(); t.matches('a,button,summary') ? t.click() : t.focus(); }
});
for (const box of document.querySelectorAll('input[data-keys]')) {
  box.checked = !keysOff();
  box.closest('[hidden]')?.removeAttribute('hidden');
  box.addEventListener('change', () => localStorage.setItem('keys', box.checked ? 'on' : 'off'));
}

// A menu closes when the pointer goes elsewhere.
addEventListener('click', e => { for (const d of document.querySelectorAll('details.menu[open]')) if (!d.contains(e.target)) d.open = false; });

// A secret that is shown once can be copied.
for (const b of document.querySelectorAll('button[data-copy]')) {
  b.hidden = false;
  b.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(b.dataset.copy).textContent.trim());
    b.querySelector('span').textContent = b.dataset.done;
  });
}

// Regions with data-refresh="seconds" and an id follow the server while the page is in view.
// Nothing is swapped under somebody's hands: a region with focus or an open form waits.
const busy = e => e.contains(document.activeElement) && document.activeElement !== document.body;
const refresh = async () => {
  const regions = [...document.querySelectorAll('[data-refresh][id]')].filter(e => !busy(e));
  if (!regions.length || document.hidden) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const old of regions) {
    const next = fresh.getElementById(old.id);
    if (!next || next.isEqualNode(old) || busy(old)) continue;
    // What the reader opened stays open.
    for (const d of old.querySelectorAll('details[id]')) { const n = next.querySelector(`#${CSS.escape(d.id)}`); if (n) n.open = d.open; }
    old.replaceWith(document.importNode(next, true));
  }
  tick();
};
// As often as the most hurried region that is there now wants it; when an import ends, its region asks no more.
const pace = () => Math.min(...[...document.querySelectorAll('[data-refresh][id]')].map(e => Number(e.dataset.refresh) || 30));
const follow = () => {
  const seconds = pace();
  if (Number.isFinite(seconds)) setTimeout(() => refresh().catch(() => {}).finally(follow), Math.max(1, seconds) * 1000);
};
follow();

// The preview of a template follows when typing stops. The same form, sent to the same page; only the preview is swapped.
for (const form of document.querySelectorAll('form[data-preview]')) {
  let waiting, asked = 0;
  const region = document.getElementById('preview'), hint = document.querySelector('[data-live-hint]');
  if (!region) continue;
  if (hint) hint.textContent = hint.dataset.liveHint;
  const look = async () => {
    const turn = ++asked;
    const answer = await fetch(form.dataset.preview, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'text/html' } });
    if (answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('preview');
    // An answer that was overtaken by a newer question is dropped.
    if (!fresh || turn !== asked) return;
    region.replaceChildren(...document.importNode(fresh, true).childNodes);
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => look().catch(() => {}), 600); };
  form.addEventListener('input', soon);
  document.querySelector(`select[name=incident][form="${form.id}"]`)?.addEventListener('change', soon);
}

// What is typed into a section of the post-mortem is saved when typing stops. Whoever saves by hand waits for it: two
// saves at once would be a conflict with oneself.
for (const form of document.querySelectorAll('form[data-autosave]')) {
  const told = form.querySelector('[data-told]');
  let waiting, saving = false, again = false, stopped = false, byHand;
  const tell = key => { told.textContent = told.dataset[key]; };
  const save = async () => {
    if (stopped) return;
    if (saving) { again = true; return; }
    saving = true; again = false; tell('saving');
    try {
      const answer = await fetch(form.dataset.autosave, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'text/html' } });
      if (answer.ok && !answer.redirected) { form.elements.version.value = (await answer.json()).version; tell('saved'); }
      // Somebody else saved: what was typed stays, and saving by hand shows both.
      else { stopped = answer.status === 409; tell(stopped ? 'conflict' : 'failed'); }
    } catch { tell('failed'); }
    saving = false;
    if (byHand) { stopped = true; form.requestSubmit(byHand); } else if (again) later();
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(save, 2000); };
  form.addEventListener('input', later);
  form.addEventListener('submit', event => {
    clearTimeout(waiting);
    if (saving) { event.preventDefault(); byHand = event.submitter; }
  });
}
