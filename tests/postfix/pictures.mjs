// Pictures of the HTML parts that open_mails.py wrote, as narrow as a telephone and as wide as a mail window.
//
//     node tests/postfix/pictures.mjs FOLDER
//
// Prints the name of each mail that is wider than its window.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const folder = resolve(process.argv[2]);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
let number = 0;
for (const name of readdirSync(folder).filter((name) => name.endsWith('.html')).sort()) {
  for (const width of [390, 800]) {
    await page.setViewportSize({ width, height: 600 });
    await page.goto(`file://${folder}/${name}`);
    await page.screenshot({ path: `${folder}/${name.replace('.html', '')}-${width}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (wide) console.log(`wider than ${width}: ${name}`);
    number += 1;
  }
}
console.log(`${number} pictures in ${folder}`);
await browser.close();
