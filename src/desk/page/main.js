/* The desk: a check after each key, fixes, what is ignored, printing. */

const EXAMPLE = `The new crossing on Mill Road opens on Monday at 9am.

Honestly, the planning committee haven’t a clue about traffic. We promise to mend the lights by Friday.

Mrs Okafor of 14 Curlew Close is home after her stroke 👏

https://westmarsh.gov.uk/mill-road #Westmarsh`;

const desk = {
  findings: [],
  elsewhere: [],
  ignored: new Map(),
  checked: false,
  asked: 0,
  timer: 0,

  async start() {
    const data = await ask('/book', {});
    book.take(data);
    byId('organisation').textContent = data.organisation || '';
    const named = data.accounts.map((a) => a.name);
    byId('account-box').hidden = !named.length;
    byId('account').append(...named.map((name) => h('option', { value: name }, name)));
    channels.start(data.channels);
    this.services();
    this.verdict();
    this.check();
  },

  account() {
    return (book.data.accounts || []).find((a) => a.name === byId('account').value);
  },

  /** Services and officers are those of the account. */
  services() {
    const account = this.account();
    const services = account ? Object.keys(account.services) : [];
    const options = (select, names) => {
      const chosen = select.value;
      select.replaceChildren(h('option', { value: '' }, 'Not chosen'), ...names.map((n) => h('option', { value: n }, n)));
      if (names.includes(chosen)) select.value = chosen;
    };
    options(byId('service'), services);
    const own = account && account.services[byId('service').value];
    const officers = own && own.length ? own : account ? [...new Set([...account.officers, ...Object.values(account.services).flat()])] : [];
    options(byId('author'), officers);
    byId('service-box').hidden = !services.length;
    byId('author-box').hidden = !officers.length;
  },

  /** The period that holds when the post goes out. */
  period() {
    const day = (byId('scheduled').value || new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString()).slice(0, 10);
    return (book.data.periods || []).find((p) => p.from <= day && day <= p.to);
  },

  message() {
    const post = { text: area.value, channel: channels.current, mode: byId('reply').checked ? 'reply' : 'post' };
    for (const name of ['account', 'service', 'author', 'scheduled']) if (byId(name).value) post[name] = byId(name).value;
    if (this.approved) post['approved-by'] = this.approved;
    const period = this.period();
    // Rules of a period hold now if the draft does not say when it goes out.
    if (!post.scheduled && period) post.scheduled = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    byId('period').textContent = period ? `${capital(period.name.replace(/-/g, ' '))} period, ${day(period.from)} to ${day(period.to)}: stricter rules hold.` : '';
    return post;
  },

  typed() {
    editor.follow();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), 20);
  },

  async check() {
    clearTimeout(this.timer);
    const turn = this.asked += 1;
    const post = this.message();
    const [answer, counted] = await Promise.all([ask('/check', post), ask('/count', { text: post.text })]).catch(() => [null]);
    if (!answer || turn !== this.asked || post.text !== area.value) return;
    notice('');
    this.checked = true;
    this.text = post.text;
    // Before a word is written there is nothing to find.
    this.take(post.text.trim() ? answer.findings : []);
    channels.take(counted.channels);
    this.show();
  },

  /** Gives findings their place in UTF-16 and a key that outlives typing elsewhere. */
  take(findings) {
    const starts = charStarts(this.text);
    const seen = new Map();
    this.findings = findings.map((f) => {
      const mark = f.fingerprint + f.rule.replace(/\W/g, '-');
      const nth = seen.get(mark) || 0;
      seen.set(mark, nth + 1);
      const place = f.core && f.core.end > f.core.start ? f.core : f.chars;
      return { ...f, key: `${mark}-${nth}`, mark, from: starts[place.start], to: starts[place.end], whole: { from: starts[f.chars.start], to: starts[f.chars.end] } };
    }).sort((a, b) => a.from - b.from || b.to - a.to);
  },

  /** Places of what must not be shown outside the draft. */
  hidden() {
    return this.findings.filter((f) => f.matched === null).map((f) => ({ start: f.whole.from, end: f.whole.to }));
  },

  open() {
    return this.findings.filter((f) => !this.ignored.has(f.mark));
  },

  show() {
    const open = this.open();
    let number = 0;
    for (const finding of open) finding.number = finding.to > finding.from ? (number += 1) : 0;
    editor.marks = open.filter((f) => f.number).map(({ key, severity, from, to, number: n }) => ({ key, severity, from, to, number: n }));
    editor.known = area.value;
    editor.draw();
    const live = new Set(this.findings.map((f) => f.rule));
    const other = this.elsewhere.filter((f) => f.chars.end > f.chars.start || !live.has(f.rule));
    cards.show([...open, ...other]);
    this.verdict();
    this.showIgnored();
    const counts = count([...open, ...other]);
    files.counted(counts);
  },

  verdict() {
    const all = [...cards.nodes.values()].map((n) => n.finding);
    const counts = count(all);
    const empty = !area.value.trim() && !all.length;
    const rules = plural(book.data.rules, 'rule', 'rules');
    const text = empty ? 'Ready when you are' : all.length ? capital(inWords(counts)) : `Nothing found by ${rules}`;
    byId('verdict').textContent = text;
    byId('verdict').className = counts.error ? 'error' : counts.warning ? 'warning' : all.length ? 'info' : empty ? 'ready' : 'clear';
    byId('under').textContent = empty ? 'Type or paste a post, and what breaks the policy is marked as you go.'
      : all.length ? '' : `That is not an approval. Checked: ${packNames()}, for ${title(channels.current)}.`;
    byId('starter').hidden = !empty;
    if (!empty && this.checked) announce(all.length ? text : `${text}. That is not an approval.`, 900);
  },

  light(key, fromText = false) {
    editor.light(key);
    cards.light(key);
    // Where the cards scroll by themselves, the one that belongs to the words comes into sight.
    const [panel, node] = [document.querySelector('.right'), cards.nodes.get(key)];
    if (fromText && node && panel.scrollHeight > panel.clientHeight) {
      const [box, frame] = [node.getBoundingClientRect(), panel.getBoundingClientRect()];
      if (box.top < frame.top || box.bottom > frame.bottom) panel.scrollTop += box.top - frame.top - frame.height / 4;
    }
  },

  apply(key) {
    const finding = this.findings.find((f) => f.key === key);
    const fix = finding && finding.fixes.find((f) => f.applicability !== 'display');
    if (!fix || area.value !== this.text) return;
    const at = cards.index();
    const edits = fix.edits.map((e) => ({ from: byteToUnit(this.text, e.start), to: byteToUnit(this.text, e.end), content: e.content }));
    const [from, to] = [edits[0].from, edits[edits.length - 1].to];
    let content = '';
    let done = from;
    for (const edit of edits) {
      content += this.text.slice(done, edit.from) + edit.content;
      done = edit.to;
    }
    editor.replace(from, to, content + this.text.slice(done, to));
    this.check().then(() => {
      cards.focus(at);
      announce(`Fixed. ${byId('verdict').textContent}.`);
    });
  },

  ignore(key, reason) {
    const finding = this.findings.find((f) => f.key === key);
    if (!finding) return;
    const at = cards.index();
    this.ignored.set(finding.mark, { reason, finding });
    this.show();
    cards.focus(at);
    announce(`Ignored. ${byId('verdict').textContent}.`);
  },

  showIgnored() {
    const here = [...this.ignored].filter(([mark]) => this.findings.some((f) => f.mark === mark));
    byId('ignored-box').hidden = !here.length;
    byId('ignored-title').textContent = `Ignored this time (${here.length})`;
    byId('ignored').replaceChildren(...here.map(([mark, { reason, finding }]) => h('li', {},
      h('p', {}, capital(finding.message)), h('p', { class: 'muted' }, `Your reason: ${reason}`),
      h('button', { type: 'button', class: 'quiet', 'aria-label': `Bring back: ${finding.message}`, onclick: () => { this.ignored.delete(mark); this.show(); byId('verdict').focus(); } }, 'Bring back'))));
  },

  /** Takes what a file says about a post. */
  load(post) {
    this.ignored = post.ignored || new Map();
    this.elsewhere = (post.elsewhere || []).map((f, i) => ({ ...f, key: `else-${post.number}-${i}`, number: 0, elsewhere: where(f) }));
    this.approved = post['approved-by'] || null;
    byId('reply').checked = post.mode === 'reply';
    byId('post').checked = post.mode !== 'reply';
    byId('account').value = (book.data.accounts || []).some((a) => a.name === post.account) ? post.account : '';
    this.services();
    for (const name of ['service', 'author']) if ([...byId(name).options].some((o) => o.value === post[name])) byId(name).value = post[name];
    byId('scheduled').value = (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.exec(post.scheduled || '') || [''])[0].replace(' ', 'T');
    const known = channels.all.find((c) => (post.channels || []).some((n) => n === c.name || n === c.title.toLowerCase()));
    if (known) channels.current = known.name;
    channels.build();
    this.findings = [];
    cards.show([]);
    this.check();
  },

  view(name) {
    for (const view of ['write', 'book']) {
      byId(view).hidden = view !== name;
      byId(`to-${view}`).setAttribute('aria-current', view === name ? 'page' : 'false');
    }
    if (name === 'book') book.build();
    document.title = name === 'book' ? 'Rule book · postlint' : 'Draft · postlint';
    scrollTo(0, 0);
  },

  async copy() {
    const text = cleaned(area.value).trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      area.select();
      document.execCommand('copy');
    }
    const counts = count(this.open());
    const rest = inWords({ error: counts.error, warning: counts.warning });
    byId('copied').textContent = rest ? `Copied, with ${rest}.` : 'Copied.';
    announce(byId('copied').textContent);
    setTimeout(() => { byId('copied').textContent = ''; }, 6000);
  },
};

const count = (findings) => findings.reduce((all, f) => ({ ...all, [f.severity]: all[f.severity] + 1 }), { error: 0, warning: 0, info: 0 });
const title = (name) => (channels.all.find((c) => c.name === name) || { title: name }).title;
const day = (iso) => new Date(`${iso.slice(0, 10)}T12:00`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

function packNames() {
  const names = book.data.packs.filter((p) => p.rules.length).map((p) => (CATEGORIES[p.name] || capital(p.name.replace(/-/g, ' '))).toLowerCase());
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}` : names.join('');
}

function where(finding) {
  const a = finding.address;
  return a.kind === 'cell' ? `row ${a.row}${a.column ? `, ${a.column}` : ''}` : a.kind === 'pointer' ? a.pointer : a.kind === 'whole' ? 'the post as a whole' : `${a.kind} ${a.number}`;
}

/** The report on paper: the draft with what was hidden left hidden, and a line for a signature. */
function printed() {
  const open = desk.open();
  const about = [['Channel', title(channels.current)], ['Account', byId('account').value], ['Service', byId('service').value], ['Officer', byId('author').value],
    ['Kind', byId('reply').checked ? 'Reply' : 'Post'], ['Goes out', byId('scheduled').value.replace('T', ' ')], ['Checked', new Date().toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })]];
  const row = (f, state) => h('tr', {}, h('td', {}, String(f.number || '–')), h('td', {}, SEVERITIES[f.severity].name), h('td', {}, capital(f.message)), h('td', {}, f.clauses.join(', ')), h('td', {}, state));
  const rows = [...cards.nodes.values()].map((n) => n.finding).map((f) => row(f, f.advice));
  const ignored = [...desk.ignored.values()].filter(({ finding }) => desk.findings.some((f) => f.mark === finding.mark)).map(({ finding, reason }) => row({ ...finding, number: 0 }, `Ignored: ${reason}`));
  byId('paper').replaceChildren(
    h('h1', {}, 'Check of a draft post'), book.data.organisation && h('p', {}, book.data.organisation),
    h('dl', {}, about.filter(([, v]) => v).map(([k, v]) => h('div', {}, h('dt', {}, k), h('dd', {}, v)))),
    h('h2', {}, 'Draft'), h('p', { class: 'paper-draft' }, masked(area.value, desk.hidden())),
    h('h2', {}, open.length || rows.length ? capital(inWords(count([...cards.nodes.values()].map((n) => n.finding)))) : `Nothing found by ${plural(book.data.rules, 'rule', 'rules')}`),
    rows.length || ignored.length ? h('table', {}, h('thead', {}, h('tr', {}, ['No.', 'Level', 'What', 'Clause', 'What to do'].map((t) => h('th', { scope: 'col' }, t)))), h('tbody', {}, rows, ignored)) : null,
    h('p', {}, `Checked by postlint ${book.data.postlint} with ${plural(book.data.rules, 'rule', 'rules')}. This is not an approval.`),
    h('p', { class: 'sign-here' }, 'Approved by'), h('p', { class: 'sign-here' }, 'Date'));
}

area.addEventListener('input', () => desk.typed());
area.addEventListener('mousemove', (event) => desk.light(editor.at(event.clientX, event.clientY), true));
area.addEventListener('mouseleave', () => desk.light(null));
document.addEventListener('selectionchange', () => {
  if (document.activeElement !== area) return;
  const mark = editor.marks.find((m) => m.from <= area.selectionStart && area.selectionStart <= m.to);
  desk.light(mark ? mark.key : null, true);
});
for (const id of ['account', 'service', 'author', 'scheduled', 'reply', 'post']) {
  byId(id).addEventListener('change', () => { desk.services(); if (id === 'account') channels.build(); desk.check(); });
}
for (const view of ['write', 'book']) byId(`to-${view}`).addEventListener('click', () => desk.view(view));
byId('copy').addEventListener('click', () => desk.copy());
byId('print').addEventListener('click', () => print());
byId('example').addEventListener('click', () => { area.focus(); editor.replace(0, area.value.length, EXAMPLE); });
byId('notice-close').addEventListener('click', () => notice(''));
addEventListener('beforeprint', printed);
addEventListener('keydown', (event) => {
  if (event.key === 'F8') {
    event.preventDefault();
    desk.view('write');
    const at = cards.index();
    const to = at < 0 ? (event.shiftKey ? Infinity : 0) : at + (event.shiftKey ? -1 : 1);
    const node = cards.focus(to);
    if (node) node.scrollIntoView({ block: 'nearest' });
  } else if (event.key === 'Escape' && cards.index() >= 0) {
    const { finding } = cards.list.children[cards.index()];
    area.focus();
    if (finding.number) area.setSelectionRange(finding.from, finding.to);
  } else if (event.altKey && (event.key === 'PageDown' || event.key === 'PageUp') && files.posts.length) {
    event.preventDefault();
    files.go(files.current + (event.key === 'PageDown' ? 1 : -1));
  }
});
desk.start().catch(() => {});
