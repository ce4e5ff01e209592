// Opens docs/sample-report in Chromium, at a desktop's and at a telephone's width, and fails when something overflows or a
// chart cuts a label off. With --write the screenshots in docs/sample-report/screenshots are taken anew.
//
//   apt-get install -y chromium && npm ci && node look.mjs --write
import { chromium } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/sample-report');
const write = process.argv.includes('--write');
const screens = [
  { name: 'desktop', width: 1280, height: 1500 },
  { name: 'phone', width: 390, height: 1500 },
];
/** What is pictured: from the top of a heading on, one screen. */
const views = [{ name: 'summary', heading: 'h1' }, { name: 'charts', heading: '#failing-requests-per-service-and-client' }];
const problems = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const file of readdirSync(folder).filter((name) => name.endsWith('.html'))) await lookAtPage(file);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.svg'))) await lookAtChart(file);
await browser.close();

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'Nothing overflows.' : `${problems.length} problems.`);
process.exit(problems.length === 0 ? 0 : 1);

async function lookAtPage(file) {
  for (const { name, width, height } of screens) {
    const page = await browser.newPage({ viewport: { width, height } });
    page.on('console', (message) => problems.push(`${file} at ${width} px: ${message.text()}`));
    page.on('request', (request) => /^(file|data):/.test(request.url()) || problems.push(`${file} asks for ${request.url()}`));
    await page.goto(`file://${path.join(folder, file)}`);
    for (const found of await page.evaluate(overflowing)) problems.push(`${file} at ${width} px: ${found}`);
    if (write)
      for (const view of views) {
        await page.evaluate((heading) => document.querySelector(heading).scrollIntoView(), view.heading);
        await page.screenshot({ path: path.join(folder, 'screenshots', `${view.name}-${name}.png`) });
      }
    await page.close();
  }
}

/** In the page: what is wider than the screen and not in a box that scrolls, and pictures that did not load. */
function overflowing() {
  const scrolls = (element) => element.closest('.wide, pre') !== null;
  const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e));
  const broken = [...document.images].filter((image) => image.naturalWidth === 0);
  const sideways = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  return [...sideways, ...wide.slice(0, 5).map((e) => `<${e.tagName.toLowerCase()}> sticks out: ${e.textContent.slice(0, 60)}`), ...broken.map((i) => `no picture: ${i.alt}`)];
}

async function lookAtChart(file) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  await page.goto(`file://${path.join(folder, file)}`);
  const cut = await page.evaluate(() => {
    const frame = document.documentElement.getBoundingClientRect();
    const outside = (box) => box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
    const clip = (text) => document.querySelector(text.closest('[clip-path]')?.getAttribute('clip-path').slice(4, -1) ?? 'svg')?.querySelector('rect');
    const clipped = (text, box) => {
      const [rect, matrix] = [clip(text), document.documentElement.getScreenCTM()];
      return rect !== null && box.right > (rect.x.baseVal.value + rect.width.baseVal.value) * matrix.a + matrix.e + 1;
    };
    return [...document.querySelectorAll('text')].filter((text) => {
      const box = text.getBoundingClientRect();
      return outside(box) || clipped(text, box);
    }).map((text) => text.textContent);
  });
  for (const label of cut) problems.push(`${file} cuts off '${label}'`);
  await page.close();
}
