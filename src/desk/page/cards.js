/* The cards: one for each finding, in the order of the text, kept while the officer types. */

const cards = {
  /** Key to card. */
  nodes: new Map(),
  list: byId('cards'),

  /** Shows `findings`; a card that is already there stays, with its focus and what is open in it. */
  show(findings) {
    const keep = new Set(findings.map((f) => f.key));
    for (const [key, node] of this.nodes) {
      if (!keep.has(key)) {
        node.remove();
        this.nodes.delete(key);
      }
    }
    let before = this.list.firstElementChild;
    for (const finding of findings) {
      let node = this.nodes.get(finding.key);
      if (!node || node.dataset.said !== said(finding)) {
        const fresh = card(finding);
        if (node) {
          if (before === node) before = node.nextElementSibling;
          node.remove();
        }
        node = fresh;
        this.nodes.set(finding.key, node);
      }
      node.finding = finding;
      node.querySelector('.number').textContent = finding.number || '–';
      if (node === before) before = before.nextElementSibling;
      else this.list.insertBefore(node, before);
    }
  },

  light(key) {
    for (const [own, node] of this.nodes) node.classList.toggle('lit', own === key);
  },

  focus(index) {
    const all = [...this.list.children];
    const node = all[Math.max(0, Math.min(index, all.length - 1))];
    (node || byId('verdict')).focus();
    return node;
  },

  index() {
    return [...this.list.children].findIndex((node) => node.contains(document.activeElement));
  },
};

const said = (f) => JSON.stringify([f.severity, f.message, f.advice, f.fixes.map((x) => x.title), f.elsewhere]);

function card(finding) {
  const { name, mark } = SEVERITIES[finding.severity];
  const title = h('h3', { id: `t-${finding.key}` }, capital(finding.message));
  const fix = finding.elsewhere ? null : finding.fixes.find((f) => f.applicability !== 'display' && !f.edits.some((e) => e.content.includes('•')));
  const why = h('div', { class: 'why', hidden: true, id: `w-${finding.key}` });
  const whyButton = h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': why.id, onclick: () => {
    if (!why.firstChild) why.append(...reasons(finding));
    why.hidden = !why.hidden;
    whyButton.setAttribute('aria-expanded', String(!why.hidden));
  } }, 'Why?');
  const form = h('div', { class: 'reason', hidden: true });
  const rule = book.rule(finding.rule);
  const ignore = finding.elsewhere || (rule && rule.locked) ? null : h('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', onclick: () => {
    if (!form.firstChild) form.append(...reasonForm(finding, () => ignore.click()));
    form.hidden = !form.hidden;
    ignore.setAttribute('aria-expanded', String(!form.hidden));
    (form.hidden ? ignore : form.querySelector('input')).focus();
  } }, 'Ignore this time');
  return h('li', {
    class: `card ${finding.severity}`, tabindex: '-1', 'aria-labelledby': title.id, 'data-key': finding.key, 'data-said': said(finding),
    onmouseenter: () => desk.light(finding.key), onmouseleave: () => desk.light(null),
    onfocusin: () => desk.light(finding.key),
  },
  h('p', { class: 'kind' }, h('span', { class: 'number', 'aria-hidden': 'true' }, ''), h('span', { class: 'sign', 'aria-hidden': 'true' }, mark),
    h('span', {}, name), h('span', { class: 'topic' }, CATEGORIES[finding.category] || finding.category)),
  title,
  finding.elsewhere ? h('p', { class: 'where' }, `In the file: ${finding.elsewhere}`) : null,
  h('p', { class: 'do' }, finding.advice),
  h('p', { class: 'because' }, finding.clauses.length ? h('b', {}, `Clause ${finding.clauses.join(', ')}. `) : null, finding.why),
  fix ? h('p', { class: 'change' }, ...change(finding, fix)) : null,
  h('div', { class: 'buttons' },
    fix ? h('button', { type: 'button', class: 'apply', 'aria-label': `Apply fix: ${fix.title}`, onclick: () => desk.apply(finding.key) }, 'Apply fix') : null,
    ignore, whyButton,
    rule && rule.locked ? h('span', { class: 'locked' }, 'Cannot be ignored') : null),
  form, why);
}

/** What a fix changes: old words struck out, new ones beside. */
function change(finding, fix) {
  const parts = /^write “([\s\S]*)” for “([\s\S]*)”$/.exec(fix.title);
  const gone = /^delete “([\s\S]*)”$/.exec(fix.title);
  if (parts) return [h('del', {}, parts[2]), ' ', h('span', { class: 'to', 'aria-label': 'becomes' }, '→'), ' ', h('ins', {}, parts[1])];
  if (gone) return [h('del', {}, gone[1]), ' ', h('span', { class: 'muted' }, 'is taken out')];
  return [capital(fix.title)];
}

/** What stands behind “Why?”. */
function reasons(finding) {
  const rule = book.rule(finding.rule);
  const clauses = finding.clauses.map((id) => book.clause(finding.rule, id)).filter(Boolean);
  const example = (bad) => rule && rule.examples.find((e) => e.bad === bad && e.text.length < 220);
  const sure = Math.round(finding.confidence * 100);
  return [
    ...clauses.map((c) => h('p', { class: 'clause' }, h('b', {}, `Clause ${c.id}`), ` ${c.text}`)),
    ...[[true, 'Stopped'], [false, 'Fine']].map(([bad, label]) => example(bad) && h('p', { class: `example ${bad ? 'bad' : 'good'}` }, h('b', {}, label), ` ${example(bad).text}`)),
    h('p', { class: 'muted' }, `How sure: ${sure} %. ${finding.obfuscated ? 'The words are disguised. ' : ''}${finding.reserved ? 'This value is of a range that nobody owns. ' : ''}`),
    rule && h('button', { type: 'button', class: 'quiet', onclick: () => book.open(finding.rule) }, 'Open in the rule book'),
  ].filter(Boolean);
}

function reasonForm(finding, cancel) {
  const id = `r-${finding.key}`;
  const error = h('p', { class: 'wrong', id: `${id}-e`, hidden: true }, 'Please give a reason. It goes into the printed report.');
  const input = h('input', { id, type: 'text', maxlength: '200', autocomplete: 'off', 'aria-describedby': error.id });
  const send = (event) => {
    event.preventDefault();
    const empty = input.value.trim().length < 3;
    error.hidden = !empty;
    input.setAttribute('aria-invalid', String(empty));
    if (empty) input.focus();
    else desk.ignore(finding.key, input.value.trim());
  };
  return [h('form', { onsubmit: send, onkeydown: (event) => { if (event.key === 'Escape') { event.stopPropagation(); cancel(); } } },
    h('label', { for: id }, 'Why is it right to leave this in?'), input, error,
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'apply' }, 'Ignore it'), h('button', { type: 'button', class: 'quiet', onclick: cancel }, 'Cancel')))];
}
