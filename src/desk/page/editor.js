/* The editor: a text area over a layer that draws the underlines. */

const area = byId('draft');
const layer = byId('layer');

const editor = {
  /** Open findings, with `from` and `to` in UTF-16 units of the draft as it is now. */
  marks: [],
  /** Where the part over the channel's limit begins; -1 where nothing is over. */
  over: -1,
  known: '',

  /** Moves the marks along with what was typed, until the next check says better. */
  follow() {
    const [before, now] = [this.known, area.value];
    let head = 0;
    const most = Math.min(before.length, now.length);
    while (head < most && before[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < most - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    const [gone, moved] = [before.length - tail, now.length - before.length];
    this.marks = this.marks.filter((m) => m.to <= head || m.from >= gone || (m.from <= head && m.to >= gone));
    for (const mark of this.marks) {
      if (mark.from >= gone && mark.from > head) mark.from += moved;
      if (mark.to >= gone && mark.to > head) mark.to += moved;
    }
    this.known = now;
    this.draw();
  },

  draw() {
    const text = area.value;
    const cuts = new Set([0, text.length]);
    for (const { from, to } of this.marks) cuts.add(from).add(to);
    if (this.over >= 0) cuts.add(this.over);
    const sorted = [...cuts].filter((c) => c >= 0 && c <= text.length).sort((a, b) => a - b);
    const pieces = [];
    for (let i = 0; i + 1 < sorted.length; i += 1) {
      const [start, end] = [sorted[i], sorted[i + 1]];
      const here = this.marks.filter((m) => m.from <= start && m.to >= end && m.to > m.from);
      const words = text.slice(start, end);
      const over = this.over >= 0 && start >= this.over;
      if (!here.length && !over) {
        pieces.push(words);
        continue;
      }
      const worst = here.some((m) => m.severity === 'error') ? 'error' : here.some((m) => m.severity === 'warning') ? 'warning' : here.length ? 'info' : '';
      const numbers = here.filter((m) => m.from === start).map((m) => m.number);
      pieces.push(h('span', {
        class: `mark ${worst} ${over ? 'over' : ''} ${here.some((m) => m.key === this.lit) ? 'lit' : ''}`,
        'data-n': numbers.length ? numbers.join(' ') : null,
        'data-keys': here.map((m) => m.key).join(' '),
      }, words));
    }
    // The layer gives the text area its height; a last line end needs something behind it.
    layer.replaceChildren(...pieces, '\n');
  },

  /** Lights one finding in the text. */
  light(key) {
    if (this.lit === key) return;
    this.lit = key;
    for (const piece of layer.querySelectorAll('.mark')) {
      piece.classList.toggle('lit', key !== null && piece.dataset.keys.split(' ').includes(key));
    }
  },

  /** Puts `content` in the place of a stretch, so that the browser can undo it. */
  replace(from, to, content) {
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    const done = content === '' ? document.execCommand('delete') : document.execCommand('insertText', false, content);
    if (!done) {
      area.setRangeText(content, from, to, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }
  },

  set(text) {
    area.value = text;
    this.known = text;
    this.marks = [];
    this.over = -1;
    this.draw();
  },

  /** The finding at a point of the screen. */
  at(x, y) {
    for (const piece of layer.querySelectorAll('.mark[data-keys]')) {
      for (const box of piece.getClientRects()) {
        if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return piece.dataset.keys.split(' ')[0] || null;
      }
    }
    return null;
  },
};

area.addEventListener('paste', (event) => {
  const text = event.clipboardData && event.clipboardData.getData('text/plain');
  if (!text) return;
  event.preventDefault();
  editor.replace(area.selectionStart, area.selectionEnd, cleaned(text));
});
