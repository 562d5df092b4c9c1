/* Channels: tabs with live counts, the meter, the preview. */

/** Tabs that stand in the first row when the settings name no channels. */
const USUAL = ['x', 'facebook', 'instagram', 'linkedin', 'bluesky'];

const channels = {
  all: [],
  current: '',
  open: false,

  start(all) {
    this.all = all.map((c) => ({ ...c, lengths: [] }));
    this.current = USUAL[0];
    this.build();
  },

  shown() {
    const account = desk.account();
    const own = account && account.channels.length ? account.channels : USUAL;
    return this.all.filter((c) => this.open || own.includes(c.name) || c.name === this.current);
  },

  build() {
    const list = byId('tabs');
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...this.shown().map((channel) => h('button', {
      type: 'button', role: 'tab', id: `tab-${channel.name}`, 'data-channel': channel.name, 'aria-controls': 'sheet',
      onclick: () => this.choose(channel.name),
    }, h('span', { class: 'name' }, channel.title), h('span', { class: 'count' }))));
    list.parentElement.classList.toggle('many', this.open);
    byId('more').textContent = this.open ? 'Fewer channels' : 'More channels';
    byId('more').setAttribute('aria-expanded', String(this.open));
    this.paint();
    if (focused) byId(`tab-${this.current}`).focus();
  },

  choose(name) {
    if (!this.all.some((c) => c.name === name)) return;
    this.current = name;
    if (!byId(`tab-${name}`)) this.build();
    this.paint();
    byId(`tab-${name}`).scrollIntoView({ block: 'nearest', inline: 'nearest' });
    desk.check();
  },

  take(counted) {
    for (const channel of this.all) {
      const now = counted.find((c) => c.channel === channel.name);
      channel.lengths = now ? now.lengths : [];
    }
    this.paint();
  },

  text(channel) {
    return channel.lengths.find((l) => l.field === 'text');
  },

  /** Writes counts into tabs, meter and preview. */
  paint() {
    for (const tab of byId('tabs').children) {
      const channel = this.all.find((c) => c.name === tab.dataset.channel);
      const chosen = channel.name === this.current;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      const length = this.text(channel);
      const over = length && length.limit ? length.length - length.limit : 0;
      const most = length && length.limit ? ` of ${length.limit.toLocaleString('en-GB')}` : '';
      tab.querySelector('.count').textContent = !length ? '' : over > 0 ? `${over.toLocaleString('en-GB')} over` : `${length.length.toLocaleString('en-GB')}${most}`;
      tab.classList.toggle('over', over > 0);
    }
    const channel = this.all.find((c) => c.name === this.current);
    const length = channel && this.text(channel);
    byId('sheet').setAttribute('aria-labelledby', `tab-${this.current}`);
    if (!length) return;
    this.meter(channel, length);
    const starts = length.over ? charStarts(area.value) : [];
    editor.over = length.over ? starts[Math.min(length.over.start, starts.length - 1)] : -1;
    editor.draw();
    this.preview(channel);
  },

  meter(channel, { length, limit }) {
    const bar = byId('bar');
    const share = limit ? Math.min(1, length / limit) : 0;
    bar.style.inlineSize = `${share * 100}%`;
    byId('meter').classList.toggle('over', Boolean(limit) && length > limit);
    byId('meter').classList.toggle('near', Boolean(limit) && length <= limit && length > limit * 0.9);
    const left = limit - length;
    byId('left').textContent = !limit ? `${length.toLocaleString('en-GB')} characters; ${channel.title} gives no limit`
      : left >= 0 ? `${left.toLocaleString('en-GB')} left on ${channel.title}` : `${(-left).toLocaleString('en-GB')} too many for ${channel.title}`;
    const others = channel.lengths.filter((l) => l.field !== 'text' && l.limit && l.length > l.limit);
    byId('others').textContent = others.map((l) => `${l.length} ${l.field}, ${channel.title} takes ${l.limit}`).join('; ');
  },

  /** The post as plain text with hashtags, mentions and links told apart. Nothing in it can be followed, and what is secret
   *  is hidden here as everywhere but in the draft itself. */
  preview(channel) {
    const text = masked(area.value, desk.hidden());
    const end = editor.over >= 0 ? editor.over : text.length;
    const parts = [];
    const pattern = /(https?:\/\/[^\s<>"]+|www\.[^\s<>"]+)|(#[\p{L}\p{N}_]+)|(@[\p{L}\p{N}_.]+)/gu;
    let at = 0;
    for (const match of text.slice(0, end).matchAll(pattern)) {
      parts.push(text.slice(at, match.index), h('span', { class: match[1] ? 'link' : 'tag' }, match[0]));
      at = match.index + match[0].length;
    }
    parts.push(text.slice(at, end));
    if (end < text.length) parts.push(h('span', { class: 'cut' }, `${channel.title} stops here`), h('span', { class: 'lost' }, text.slice(end)));
    byId('preview').replaceChildren(...(text ? parts : [h('span', { class: 'muted' }, 'Your post appears here.')]));
  },
};

byId('more').addEventListener('click', () => { channels.open = !channels.open; channels.build(); });
byId('tabs').addEventListener('keydown', (event) => {
  const tabs = [...byId('tabs').children];
  const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  channels.choose(tab.dataset.channel);
  tab.focus();
});
