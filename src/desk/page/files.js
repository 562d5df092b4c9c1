/* A file: its posts in a list, each with its state, walked by keyboard. */

const STATES = { error: 'must change', warning: 'to check', info: 'advice' };

const files = {
  posts: [],
  current: -1,

  async open(file) {
    if (file.size > 20 * 1024 * 1024) {
      notice(`${file.name} is too large: 20 MB is the limit.`);
      return;
    }
    notice('');
    const opened = await ask(`/open?name=${encodeURIComponent(file.name)}`, await file.arrayBuffer(), 'application/octet-stream');
    if (!opened.posts.length) {
      notice(`There is no post in ${opened.name}.`);
      return;
    }
    this.posts = opened.posts.map((post) => ({ ...post, draft: cleaned(post.text), ignored: new Map(), counts: { error: post.errors, warning: post.warnings, info: post.infos } }));
    this.current = -1;
    byId('file-name').textContent = opened.name;
    const said = [...opened.faults.map((f) => `Not checked: ${f}`), ...opened.notes];
    if (opened.total > opened.posts.length) said.push(`Only the first ${opened.posts.length} of ${opened.total} posts are listed. Check the whole file with “postlint check”.`);
    byId('file-notes').replaceChildren(...said.map((text) => h('li', {}, text)));
    byId('file').hidden = this.posts.length < 2 && !said.length;
    document.body.classList.toggle('with-file', !byId('file').hidden);
    byId('posts').replaceChildren(...this.posts.map((post, i) => this.row(post, i)));
    this.summary();
    this.go(0);
    announce(`${opened.name}: ${plural(this.posts.length, 'post', 'posts')}.`);
  },

  row(post, i) {
    return h('li', {}, h('button', { type: 'button', 'data-index': i, onclick: () => this.go(i) },
      h('span', { class: 'address' }, post.address || `Post ${i + 1}`), h('span', { class: 'excerpt' }), h('span', { class: 'state' })));
  },

  paint(i) {
    const post = this.posts[i];
    const button = byId('posts').children[i].firstElementChild;
    button.querySelector('.excerpt').textContent = post.draft.slice(0, 80) || '(no text)';
    const worst = ['error', 'warning', 'info'].find((s) => post.counts[s]);
    const state = button.querySelector('.state');
    state.className = `state ${worst || 'clear'}`;
    state.textContent = (worst ? `${post.counts[worst]} ${STATES[worst]}` : 'Nothing found') + (post.draft === cleaned(post.text) ? '' : ', edited');
    button.setAttribute('aria-current', String(i === this.current));
    button.tabIndex = i === Math.max(this.current, 0) ? 0 : -1;
  },

  summary() {
    this.posts.forEach((_, i) => this.paint(i));
    const left = this.posts.filter((p) => p.counts.error || p.counts.warning).length;
    byId('file-state').textContent = left ? `${left} of ${this.posts.length} posts need a look` : `Nothing to change in ${plural(this.posts.length, 'post', 'posts')}`;
    byId('previous').disabled = this.current <= 0;
    byId('next').disabled = this.current >= this.posts.length - 1;
  },

  keep() {
    const post = this.posts[this.current];
    if (post) post.draft = area.value;
  },

  go(i, focus = false) {
    const post = this.posts[i];
    if (!post) return;
    this.keep();
    this.current = i;
    editor.set(post.draft);
    desk.load(post);
    this.summary();
    const button = byId('posts').children[i].firstElementChild;
    if (focus) button.focus();
    button.scrollIntoView({ block: 'nearest' });
  },

  /** What the check of the open post found. */
  counted(counts) {
    const post = this.posts[this.current];
    if (!post) return;
    post.draft = area.value;
    post.counts = counts;
    this.summary();
  },
};

byId('posts').addEventListener('keydown', (event) => {
  const at = Number(event.target.dataset.index);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: files.posts.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  files.go(to, true);
});
byId('previous').addEventListener('click', () => files.go(files.current - 1));
byId('next').addEventListener('click', () => files.go(files.current + 1));
byId('file-close').addEventListener('click', () => {
  files.posts = [];
  files.current = -1;
  byId('file').hidden = true;
  document.body.classList.remove('with-file');
  desk.load({});
  area.focus();
});
byId('choose').addEventListener('click', () => byId('picker').click());
byId('picker').addEventListener('change', (event) => {
  const [file] = event.target.files;
  event.target.value = '';
  if (file) files.open(file).catch(() => {});
});

/* A file may be dropped anywhere. */
let inside = 0;
const holdsFile = (event) => [...(event.dataTransfer ? event.dataTransfer.types : [])].includes('Files');
addEventListener('dragenter', (event) => { if (holdsFile(event)) { inside += 1; document.body.classList.add('dropping'); } });
addEventListener('dragleave', (event) => { if (holdsFile(event) && (inside -= 1) <= 0) document.body.classList.remove('dropping'); });
addEventListener('dragover', (event) => { if (holdsFile(event)) event.preventDefault(); });
addEventListener('drop', (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  inside = 0;
  document.body.classList.remove('dropping');
  files.open(event.dataTransfer.files[0]).catch(() => {});
});
