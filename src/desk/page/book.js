/* The rule book: every clause and every rule, searchable. */

const book = {
  data: { packs: [], policies: [], rules: 0 },
  rules: new Map(),
  built: false,

  take(data) {
    this.data = data;
    for (const pack of data.packs) for (const rule of pack.rules) this.rules.set(rule.id, { ...rule, pack });
  },

  rule(id) {
    return this.rules.get(id);
  },

  /** A clause as the policy of the rule's pack has it. */
  clause(rule, id) {
    const pack = this.data.packs.find((p) => p.name === rule.split('/')[0]);
    const policy = pack && this.data.policies.find((p) => p.name === pack.policy);
    return policy && policy.clauses.find((c) => c.id === id);
  },

  build() {
    if (this.built) return;
    this.built = true;
    const policies = this.data.policies.map((policy) => h('section', { class: 'policy' },
      h('h2', {}, policy.title), h('p', { class: 'muted' }, policy.source),
      h('ul', { class: 'clauses' }, policy.clauses.map((clause) => this.clauseItem(policy, clause)))));
    const packs = this.data.packs.filter((p) => p.rules.length).map((pack) => h('section', { class: 'pack' },
      h('h2', {}, CATEGORIES[pack.name] || capital(pack.name.replace(/-/g, ' '))), h('p', { class: 'muted' }, pack.summary),
      ...pack.rules.map((rule) => this.entry(rule))));
    byId('book-list').replaceChildren(...packs, ...policies);
    this.search('');
  },

  clauseItem(policy, clause) {
    const citing = this.data.packs.filter((p) => p.policy === policy.name).flatMap((p) => p.rules).filter((r) => r.clauses.includes(clause.id));
    const text = `${clause.id} ${clause.text} ${clause.risk}`.toLowerCase();
    return h('li', { class: 'entry', 'data-text': text }, h('b', {}, clause.id), ` ${clause.text}`,
      clause.risk && h('span', { class: 'muted' }, ` Risk: ${clause.risk}`),
      citing.length ? h('button', { type: 'button', class: 'quiet', onclick: () => { byId('search').value = clause.id; this.search(clause.id); byId('search').focus(); } }, plural(citing.length, 'rule', 'rules')) : null);
  },

  entry(rule) {
    const text = [rule.id, rule.title, rule.why, rule.advice, ...rule.clauses, ...rule.examples.map((e) => e.text)].join(' ').toLowerCase();
    const details = h('details', { class: 'entry', id: `rule-${rule.id}`, 'data-text': text, ontoggle: () => {
      if (details.open && details.children.length === 1) details.append(this.body(rule));
    } }, h('summary', {}, h('span', { class: 'rule-title' }, rule.title), h('span', { class: `level ${rule.severity}` }, SEVERITIES[rule.severity].name)));
    return details;
  },

  body(rule) {
    const examples = [[true, 'Stopped'], [false, 'Fine']].map(([bad, label]) => {
      const own = rule.examples.filter((e) => e.bad === bad);
      return own.length ? h('div', {}, h('h3', {}, label), h('ul', { class: bad ? 'bad' : 'good' }, own.map((e) => h('li', {}, e.text)))) : null;
    });
    return h('div', { class: 'rule-body' },
      h('p', {}, rule.why), rule.advice && h('p', { class: 'do' }, rule.advice),
      ...rule.clauses.map((id) => this.clause(rule.id, id)).filter(Boolean).map((c) => h('p', { class: 'clause' }, h('b', {}, `Clause ${c.id}`), ` ${c.text}`)),
      h('div', { class: 'examples' }, examples), h('p', { class: 'muted id' }, rule.id, rule.locked ? '. A draft cannot ignore this rule.' : ''));
  },

  search(words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of document.querySelectorAll('#book-list .entry')) {
      entry.hidden = !wanted.every((w) => entry.dataset.text.includes(w));
      if (!entry.hidden && entry.tagName === 'DETAILS') found += 1;
    }
    for (const section of document.querySelectorAll('#book-list > section')) section.hidden = !section.querySelector('.entry:not([hidden])');
    const total = this.data.rules;
    byId('book-count').textContent = wanted.length ? `${plural(found, 'rule', 'rules')} of ${total}` : `${plural(total, 'rule', 'rules')}, each with its reason and examples`;
  },

  /** Shows one rule. */
  open(id) {
    desk.view('book');
    byId('search').value = '';
    this.search('');
    const details = byId(`rule-${id}`);
    details.open = true;
    details.scrollIntoView({ block: 'center' });
    details.querySelector('summary').focus();
  },
};

byId('search').addEventListener('input', (event) => book.search(event.target.value));
