// The officer's desk in a real browser: from an ugly draft to a clean one, by mouse and by keyboard alone, in light and
// dark, wide and narrow. Run by `.ci/desk`; POSTLINT is the program, CHROMIUM the browser, SHOTS a folder for pictures.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pack = fileURLToPath(new URL('house.toml', import.meta.url));
const UGLY = 'We promise the gate will open. I think it is late.\n\nThe code is 4417.';
const CSV = 'Date,Channel,Text\n2027-03-01 09:00,x,"The library opens at 9am."\n2027-03-02 09:00,facebook,"We promise, as ever, ""soon""."\n2027-03-03 09:00,x,"I think so."\n';

let desk, browser, address;

before(async () => {
  desk = spawn(process.env.POSTLINT, ['desk', '--no-open', '--no-config', '--pack', pack]);
  address = await new Promise((found, failed) => {
    desk.stdout.once('data', (line) => found(String(line).split('\n')[0]));
    desk.once('exit', (code) => failed(new Error(`the desk closed with ${code}`)));
  });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  desk.kill();
});

/** A page, whose console and network must stay quiet. */
async function open(options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1360, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && page.problems.push(m.text()));
  page.on('pageerror', (e) => page.problems.push(e.message));
  page.on('request', (r) => r.url().startsWith('data:') || r.url().startsWith(new URL(address).origin) || page.problems.push(`asked ${r.url()}`));
  await page.goto(address);
  await page.locator('#tabs [role=tab]').first().waitFor();
  return page;
}

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

const cards = (page) => page.locator('#cards > li');
const verdict = (page, text) => page.locator('#verdict', { hasText: text }).waitFor({ timeout: 5000 });
const type = async (page, text) => {
  await page.fill('#draft', text);
  await page.waitForFunction((t) => document.querySelector('#layer').textContent === `${t}\n`, text);
};

async function accessible(page, where) {
  // The page forbids scripts of others; axe comes in by the debugger's door.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join('\n   ')}`);
  assert.deepEqual(told, [], where);
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('an ugly draft becomes a clean one', async () => {
  const page = await open();
  await type(page, UGLY);
  await verdict(page, '2 must change, 1 to check');
  assert.deepEqual(await page.locator('.mark[data-n]').evaluateAll((m) => m.map((x) => [x.dataset.n, x.textContent, x.className.trim().split(' ')[1]])),
    [['1', 'We promise', 'error'], ['2', 'I think', 'warning'], ['3', 'code is 4417', 'error']]);
  assert.match(await cards(page).nth(0).textContent(), /Must change.*“We promise” is a promise.*Say what you aim for.*Clause 1-a/s);
  assert.ok(!(await cards(page).nth(2).textContent()).includes('4417'), 'the code is masked in its card');

  await cards(page).nth(0).getByRole('button', { name: /^Apply fix/ }).click();
  await verdict(page, '1 must change, 1 to check');
  assert.equal(await page.inputValue('#draft'), UGLY.replace('We promise', 'We aim'));
  await page.locator('#draft').press('Control+z');
  await verdict(page, '2 must change, 1 to check');
  await cards(page).nth(0).getByRole('button', { name: /^Apply fix/ }).click();
  await verdict(page, '1 must change, 1 to check');

  const view = cards(page).nth(0);
  await view.getByRole('button', { name: 'Ignore this time' }).click();
  await view.getByRole('button', { name: 'Ignore it' }).click();
  await view.getByText('Please give a reason').waitFor();
  await view.getByRole('textbox').fill('The mayor is quoted here');
  await view.getByRole('button', { name: 'Ignore it' }).click();
  await verdict(page, '1 must change');
  await page.getByText('Ignored this time (1)').click();
  await page.getByText('Your reason: The mayor is quoted here').waitFor();
  assert.equal(await cards(page).nth(0).getByRole('button', { name: 'Ignore this time' }).count(), 0, 'a locked rule cannot be ignored');

  await cards(page).nth(0).getByRole('button', { name: 'Why?' }).click();
  await page.getByText('Speak for the organisation.').waitFor();
  await page.locator('#draft').fill('We aim to open the gate soon. I think it is late.');
  await verdict(page, 'Nothing found by 4 rules');
  await page.getByText('That is not an approval.').first().waitFor();
  await page.click('#copy');
  await page.getByText('Copied.').first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'We aim to open the gate soon. I think it is late.');
  await close(page);
});

test('findings come within a tenth of a second of the last key', async () => {
  const page = await open();
  const long = `${'The bins are collected on Tuesday as usual. '.repeat(45)}`.slice(0, 1980);
  await type(page, long);
  await page.waitForTimeout(300);
  const took = await page.evaluate(() => new Promise((done) => {
    const area = document.querySelector('#draft');
    area.value += ' We promise';
    const begun = performance.now();
    new MutationObserver((_, watch) => {
      if (!document.querySelector('#cards > li')) return;
      watch.disconnect();
      done(performance.now() - begun);
    }).observe(document.querySelector('#cards'), { childList: true });
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }));
  console.log(`# ${Math.round(took)} ms from key to card`);
  assert.ok(took < Number(process.env.KEY_MS || 100), `${took} ms`);
  await close(page);
});

test('channels count by themselves and show what is over', async () => {
  const page = await open();
  await type(page, `Like and share! ${'a'.repeat(280)}`);
  await page.locator('#tab-x.over').waitFor();
  assert.match(await page.locator('#tab-x').textContent(), /16 over/);
  await page.getByText('16 too many for X').waitFor();
  assert.equal((await page.locator('.mark.over').allTextContents()).join(''), 'a'.repeat(16));
  await page.getByText('X stops here').waitFor();
  assert.equal(await cards(page).count(), 0);
  await page.locator('#tab-x').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#tab-facebook').getAttribute('aria-selected'), 'true');
  await page.getByText('begs').waitFor();
  assert.equal(await page.locator('.mark.over').count(), 0);
  await page.click('#more');
  assert.ok((await page.locator('#tabs [role=tab]').count()) > 6);
  await close(page);
});

test('a table is walked by keyboard', async () => {
  const page = await open();
  await page.setInputFiles('#picker', { name: 'week.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await page.getByText('2 of 3 posts need a look').waitFor();
  assert.equal(await page.inputValue('#draft'), 'The library opens at 9am.');
  await page.keyboard.press('Alt+PageDown');
  await verdict(page, '1 must change');
  assert.equal(await page.inputValue('#draft'), 'We promise, as ever, "soon".');
  assert.equal(await page.locator('#tab-facebook').getAttribute('aria-selected'), 'true');
  await page.locator('#posts [aria-current=true]').focus();
  await page.keyboard.press('ArrowDown');
  await verdict(page, '1 to check');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.index), '2');
  await page.fill('#draft', 'Yes.');
  await verdict(page, 'Nothing found');
  await page.getByText('1 of 3 posts need a look').waitFor();
  await page.keyboard.press('Alt+PageUp');
  await page.keyboard.press('Alt+PageDown');
  assert.equal(await page.inputValue('#draft'), 'Yes.', 'edits are kept');
  await accessible(page, 'a file');
  await close(page);
});

test('a file can be dropped on the page', async () => {
  const page = await open();
  const data = await page.evaluateHandle((csv) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([csv], 'drop.csv', { type: 'text/csv' }));
    return transfer;
  }, CSV);
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await page.locator('#file-name', { hasText: 'drop.csv' }).waitFor();
  await close(page);
});

test('without a mouse from paste to copy', async () => {
  const page = await open();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'draft', 'one can type at once');
  await page.evaluate(() => navigator.clipboard.writeText('We\u00a0promise \u200bnothing.\r\n\r\n\r\n\r\n·\tBins\u202e out '));
  await page.keyboard.press('Control+v');
  await verdict(page, '1 must change');
  assert.equal(await page.inputValue('#draft'), 'We promise nothing.\n\n• Bins out');
  await page.keyboard.press('F8');
  assert.equal(await page.evaluate(() => document.activeElement.className.includes('card')), true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await verdict(page, 'Nothing found');
  await page.locator('#verdict:focus').waitFor();
  await page.locator('#copy').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Copied.').first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'We aim nothing.\n\n• Bins out');
  await close(page);
});

test('hostile text stays text', async () => {
  const page = await open();
  const text = '<img src=x onerror=window.hit=1><script>window.hit=1</script> We promise \u202e</textarea> <b>#tag</b> javascript:window.hit=1';
  await type(page, text);
  await verdict(page, '1 must change');
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator('#layer img, #preview img, #cards img, #preview b, #preview script, #preview a').count(), 0);
  await close(page);
});

test('hovering and the caret join words and card', async () => {
  const page = await open();
  await type(page, UGLY);
  await verdict(page, '2 must change');
  await cards(page).nth(1).hover();
  assert.deepEqual(await page.locator('.mark.lit').allTextContents(), ['I think']);
  await page.evaluate(() => { document.querySelector('#draft').focus(); document.querySelector('#draft').setSelectionRange(3, 3); });
  await page.locator('.card.lit', { hasText: 'We promise' }).waitFor();
  await close(page);
});

test('the rule book is searchable', async () => {
  const page = await open();
  await page.click('#to-book');
  await page.fill('#search', 'door');
  await page.getByText('1 rule of 4').waitFor();
  await page.locator('#book-list summary:visible').click();
  await page.getByText('The code of conduct is out.').waitFor();
  await accessible(page, 'rule book');
  await close(page);
});

test('what is printed masks what is secret and says who approves', async () => {
  const page = await open();
  await type(page, UGLY);
  await verdict(page, '2 must change');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const paper = await page.locator('#paper').innerText();
  assert.ok(!paper.includes('4417') && paper.includes('••••') && paper.includes('Approved by'), paper);
  await close(page);
});

for (const [name, options] of Object.entries({
  light: {}, dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 320, height: 700 } }, 'zoom-200': { viewport: { width: 680, height: 450 }, deviceScaleFactor: 2 },
  'narrow-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', reducedMotion: 'reduce' },
})) {
  test(`no barrier: ${name}`, async () => {
    const page = await open(options);
    await accessible(page, `${name}, empty`);
    await type(page, `${UGLY} #Bins https://westmarsh.gov.uk/parking ${'long '.repeat(50)}`);
    await verdict(page, '2 must change');
    await cards(page).nth(0).getByRole('button', { name: 'Why?' }).click();
    await cards(page).nth(1).getByRole('button', { name: 'Ignore this time' }).click();
    await page.waitForTimeout(300);
    assert.equal(await fits(page), 0, 'nothing runs out of the page sideways');
    await accessible(page, name);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
    await close(page);
  });
}
