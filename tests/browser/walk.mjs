// The whole walk as people would take it, in headless Chromium against the real binary
// and a real SMTP server: an administrator is first, a legal person drafts, an approver approves.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { looker } from './look.mjs';
import { start } from './server.mjs';
import { answers, roster, shadow } from './case.mjs';

const PASSWORD = 'harbour-lantern-42-fox';
const TITLE = '会員サイトへの不正アクセス';
const began = Date.now();
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!browserPath) throw new Error('there is no Chromium: run .ci/setup');

const server = await start();
const { problems, seen, watch, expect, look } = looker(server.address);
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** A browser of one person. */
const person = async (who, more = {}) => {
  const context = await browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', colorScheme: 'light', reducedMotion: 'reduce', ...more });
  context.setDefaultTimeout(20_000);
  watch(context, who);
  return context.newPage();
};
let step = 'start';
const part = name => { step = name; console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}`); };
const button = (page, name) => page.getByRole('button', { name }).click();
/** Follows a link, and waits until its page is there. */
const follow = async (page, target) => {
  const before = page.url();
  await target.click();
  await page.waitForURL(url => url.href !== before);
};
const link = (page, name) => follow(page, page.getByRole('main').getByRole('link', { name }).first());
const tab = (page, name) => follow(page, page.getByRole('navigation', { name: 'このインシデントのページ' }).getByRole('link', { name }));
const shows = (page, text) => page.getByText(text).first().waitFor({ state: 'visible' });
const heading = (page, name) => page.getByRole('heading', { name }).first().waitFor({ state: 'visible' });
/** Answers every warning of the checks, so that the notice can be handed in. */
const answerWarnings = async page => {
  const open = page.locator('#checks input[name^="answer."]');
  const number = await open.count();
  for (let place = 0; place < number; place += 1) await open.nth(place).fill('担当者が原本と照らして確かめました。');
  if (number) { await button(page, '理由を保存する'); await shows(page, '保存しました。'); }
};
/** What Tokyo's clocks show now, less some minutes, as a form wants it. */
const tokyo = minutesAgo => new Date(Date.now() + (9 * 60 - minutesAgo) * 60_000).toISOString().slice(0, 16);

async function walk() {
  part('set-up by the printed link');
  const admin = await person('administrator');
  await admin.goto(server.link);
  await heading(admin, 'Shodo の初期設定');
  await look(admin, 'set-up');
  await admin.getByLabel(/^氏名/).fill('管理 太郎');
  await admin.getByLabel(/^メールアドレス/).first().fill('admin@example.jp');
  await admin.getByLabel(/^パスワード/).fill(PASSWORD);
  await admin.getByLabel(/^組織名(?!（)/).fill('株式会社さくら商店');
  await admin.getByLabel('組織名（英語）').fill('Sakura Shoten Co., Ltd.');
  await admin.getByLabel('代表者の氏名').fill('代表取締役 桜井 花子');
  await admin.getByLabel(/^窓口の名称(?!（)/).fill('お客様情報窓口');
  await admin.getByLabel('窓口の名称（英語）').fill('Customer data desk');
  await admin.getByLabel('電話番号').fill('0120-000-000');
  await admin.getByLabel(/^メールアドレス/).last().fill('privacy@shop.example.jp');
  await admin.getByLabel(/^受付時間(?!（)/).fill('平日 9:00〜18:00');
  await admin.getByLabel('受付時間（英語）').fill('Weekdays 9:00-18:00 (JST)');
  await button(admin, '登録して始める');
  await shows(admin, 'ようこそ。サインインしました。');
  await heading(admin, 'まだインシデントはありません');
  await look(admin, 'board-empty');

  part('invite a legal person and an approver');
  const invite = async (name, email, role) => {
    await admin.goto(`${server.address}/accounts`);
    await admin.getByLabel(/^氏名/).fill(name);
    await admin.getByLabel(/^メールアドレス/).fill(email);
    await admin.getByRole('radio', { name: new RegExp(`^${role}`) }).check();
    await button(admin, '招待リンクを発行する');
    await shows(admin, `${name} さん専用のリンクです`);
    return (await admin.locator('#issued-link').textContent()).trim();
  };
  const accept = async (page, address, name) => {
    await page.goto(address);
    await shows(page, `${name} さん、サインインに使うパスワードを決めてください`);
    await page.getByLabel(/^新しいパスワード/).fill(PASSWORD);
  };
  const legalLink = await invite('伊藤 玲', 'ito@example.jp', '法務');
  await look(admin, 'accounts');
  const legal = await person('legal');
  await accept(legal, legalLink, '伊藤 玲');
  await look(legal, 'invitation');
  await button(legal, 'パスワードを設定してサインイン');
  await shows(legal, 'ようこそ。サインインしました。');
  const approver = await person('approver');
  await accept(approver, await invite('中村 誠', 'nakamura@example.jp', '承認者'), '中村 誠');
  await button(approver, 'パスワードを設定してサインイン');
  await shows(approver, 'ようこそ。サインインしました。');

  part('sign out and in again');
  await approver.locator('summary[aria-label="中村 誠 さんのメニュー"]').click();
  await button(approver, 'サインアウト');
  await shows(approver, 'サインアウトしました。');
  await look(approver, 'sign-in');
  expect(approver, 422);
  await approver.getByLabel(/^メールアドレス/).fill('nakamura@example.jp');
  await approver.getByLabel(/^パスワード/).fill('not-my-password-at-all');
  await button(approver, 'サインイン');
  await approver.getByRole('alert').waitFor();
  await look(approver, 'sign-in-refused');
  expect(approver);
  await approver.getByLabel(/^パスワード/).fill(PASSWORD);
  await button(approver, 'サインイン');
  await heading(approver, 'まだインシデントはありません');

  part('declare');
  await admin.goto(`${server.address}/incidents`);
  await link(admin, 'インシデントを宣言');
  await look(admin, 'declare');
  await admin.getByLabel(/何が起きましたか/).fill(TITLE);
  await admin.getByLabel('社内のいずれかの部署が知った日時').fill(tokyo(120));
  await admin.getByLabel('誰がそう言いましたか').fill('情報システム部');
  await admin.getByRole('radio', { name: /^サイバー攻撃による大量流出/ }).check();
  await admin.getByRole('radio', { name: /^重大度 1/ }).check();
  await button(admin, 'この内容で宣言する');
  await shows(admin, '宣言しました。次にすることから始めてください。');
  await heading(admin, TITLE);
  const incident = new URL(admin.url()).pathname.split('/').slice(0, 3).join('/');
  const at = (page, path = '') => page.goto(`${server.address}${incident}${path}`);
  await look(admin, 'overview-new');
  await at(admin, '/edit');
  await look(admin, 'edit');
  await admin.getByLabel(/^指揮者にする人/).selectOption({ label: '管理 太郎' });
  await button(admin, '指揮者に指名する');
  await shows(admin, '指揮者');
  await at(admin, '/clocks');
  await look(admin, 'clocks');
  await admin.getByRole('radio', { name: /検知/ }).check();
  await admin.getByLabel(/^日時/).fill(tokyo(150));
  await admin.getByLabel(/^誰がそう言いましたか/).fill('監視サービス');
  await button(admin, '記録する');
  await shows(admin, '時刻を記録しました。');

  part('take a step of the playbook');
  await tab(admin, 'プレイブック');
  await look(admin, 'playbook');
  const box = admin.locator('details.stepbox[open]').first();
  const todo = (await box.count()) ? box : admin.locator('details.stepbox.todo').first();
  if (!await todo.evaluate(element => element.open)) await todo.locator('summary').first().click();
  await todo.getByRole('button', { name: '始める' }).first().click();
  await shows(admin, '手順を始めました。');

  part('answer the facts');
  await tab(admin, '事実');
  await look(admin, 'facts-unanswered');
  for (const [key, fill] of Object.entries(answers)) {
    await at(admin, `/facts/${key}`);
    if (['people_affected', 'data_items', 'residence', 'breach_nature', 'cause'].includes(key)) await look(admin, `fact-${key}`);
    await fill(admin);
    await admin.locator('button[name=go]').last().click();
    await shows(admin, '回答を記録しました。');
  }
  await at(admin, '/facts');
  await look(admin, 'facts');

  part('import the roster');
  await tab(admin, '影響を受けた人');
  await heading(admin, 'まだ名簿がありません');
  await look(admin, 'people-empty');
  await link(admin, '名簿を取り込む');
  await look(admin, 'people-import');
  await admin.getByLabel('取り出し元のシステム').fill('会員データベース');
  await admin.getByRole('checkbox', { name: '氏名', exact: true }).check();
  await admin.getByLabel(/^名簿のファイル/).setInputFiles({ name: '会員名簿.csv', mimeType: 'text/csv', buffer: Buffer.from(roster) });
  await button(admin, '封印して列を確かめる');
  await shows(admin, 'ファイルを封印しました。列を確かめて、取り込みを始めてください。');
  await shows(admin, 'hanako@example.jp');
  await look(admin, 'roster-draft');
  expect(admin, 422);
  await admin.getByLabel('好きな色').selectOption({ label: '氏名' });
  await button(admin, '取り込みを始める');
  await admin.getByRole('alert').waitFor();
  await look(admin, 'roster-draft-refused');
  expect(admin);
  await admin.getByLabel('好きな色').selectOption({ label: '保存しない' });
  await button(admin, '取り込みを始める');
  await shows(admin, '取り込みを始めました。');
  // The page follows the import by itself.
  await shows(admin, '取り込み済み');
  await admin.reload();
  await shows(admin, '直す行だけ');
  await look(admin, 'roster');
  await tab(admin, '影響を受けた人');
  assert(!(await admin.content()).includes('hanako@example.jp'), 'the list of people is masked');
  await look(admin, 'people');
  await admin.getByLabel('連絡の手段').selectOption('email');
  await button(admin, '絞り込む');
  await shows(admin, /^3人が見つかりました/);
  await look(admin, 'people-filtered');
  await link(admin, '条件をすべて外す');
  await link(admin, '開く');
  await look(admin, 'person-masked');
  await admin.getByLabel(/^表示する理由/).fill('電話での本人確認のため');
  await button(admin, '表示する');
  await shows(admin, 'この表示は、理由とともにタイムラインに記録しました。');
  await look(admin, 'person-shown');

  part('answer the telephone');
  await at(legal, '/people/look-up');
  await look(legal, 'desk');
  const asks = async contact => {
    await legal.getByLabel('お客様が伝えた連絡先か番号').fill(contact);
    await button(legal, '調べる');
    await legal.locator('#answer').waitFor();
    assert(!(await legal.content()).includes(contact) && !legal.url().includes(contact), 'what was typed does not come back');
  };
  await asks('hanako@example.jp');
  await heading(legal, '対象です');
  await shows(legal, 'Thank you for calling.');
  await look(legal, 'desk-found');
  await asks('nobody@example.com');
  await heading(legal, 'この連絡先では見つかりません');
  await look(legal, 'desk-not-found');

  part('the pages around the register');
  await at(admin, '/people/rosters');
  await look(admin, 'rosters');
  await at(admin, '/people/conflicts');
  await look(admin, 'conflicts');
  await at(admin, '/people/data');
  await look(admin, 'data');

  part('seal evidence');
  await tab(admin, '証拠');
  await look(admin, 'evidence');
  await admin.getByLabel('説明').fill('WAFのログ');
  await admin.getByLabel(/^ファイル/).setInputFiles({ name: 'waf.log', mimeType: 'text/plain', buffer: Buffer.from('2026-11-20 09:14 blocked\n') });
  await button(admin, '封印して保管');
  await shows(admin, 'ファイルを封印し、証拠として保管しました。');
  await follow(admin, admin.locator('li', { hasText: 'waf.log' }).getByRole('link', { name: '詳細' }));
  await button(admin, '検証する');
  await admin.locator('.banner[role=status]').waitFor();
  await look(admin, 'evidence-verified');
  const [seen] = await Promise.all([admin.waitForEvent('popup'), button(admin, '内容を見る')]);
  await seen.getByText('2026-11-20 09:14 blocked').waitFor();
  await seen.close();
  await admin.goto(admin.url().replace(/\/verify$/, ''));
  await shows(admin, 'を閲覧しました');

  part('draft the report to the authority');
  await at(legal, '/authorities');
  await look(legal, 'authorities');
  await at(legal, '/notices');
  await look(legal, 'notices-empty');
  const section = (page, name) => page.locator('section', { has: page.getByRole('heading', { name }) }).last();
  await button(section(legal, '個人情報保護委員会への速報'), '事実から起案する');
  await shows(legal, '分かっている事実から起案しました。');
  await look(legal, 'report-draft');
  const report = new URL(legal.url()).pathname;
  await answerWarnings(legal);
  await button(legal, '承認を依頼する');
  await shows(legal, '承認を依頼しました。');
  // Nobody is a commander here: an administrator stands in, and comes first.
  await admin.goto(server.address + report);
  await button(admin, 'この版を承認する');
  await shows(admin, '承認しました。');

  part('approve it as the other person, record the filing');
  await approver.goto(`${server.address}/incidents`);
  await look(approver, 'board-approver');
  await follow(approver, approver.getByRole('heading', { name: TITLE }).getByRole('link'));
  await look(approver, 'overview-approver');
  await link(approver, '内容を確認する');
  assert.equal(new URL(approver.url()).pathname, report, 'the next action leads to what waits for approval');
  await look(approver, 'report-to-approve');
  await button(approver, 'この版を承認する');
  await shows(approver, '承認しました。');
  await legal.goto(server.address + report);
  await look(legal, 'report-approved');
  await link(legal, 'フォームに写す');
  await look(legal, 'report-copy');
  await legal.getByRole('button', { name: '転記した' }).first().click();
  await shows(legal, '転記済み');
  for (const [name, begins] of [['回覧用PDF', '%PDF-'], ['回覧用Word', 'PK']]) {
    const [download] = await Promise.all([legal.waitForEvent('download'), legal.getByRole('link', { name }).click()]);
    const bytes = Buffer.concat(await (await download.createReadStream()).toArray());
    assert(bytes.subarray(0, 5).toString().startsWith(begins), `${name} is what it says`);
  }
  await legal.goto(server.address + report);
  await link(legal, '提出を記録');
  await look(legal, 'filing');
  await legal.getByLabel(/^提出した日時/).fill(tokyo(1));
  await legal.getByLabel(/^受付番号/).fill('第2026-0001号');
  await button(legal, '提出を記録');
  await shows(legal, '提出を記録しました。');
  await at(legal, '/authorities');
  await shows(legal, '第2026-0001号');
  await look(legal, 'authorities-filed');

  part('decide beside the rule, take it back, look at the past');
  const rule = async (choice, reason) => {
    await at(legal, '/authorities/duty?duty=jp-appi/final-report');
    await legal.getByLabel(choice).check();
    await legal.getByLabel(/^理由/).fill(reason);
    await button(legal, '判断を記録');
    await shows(legal, '判断を記録しました。');
  };
  await at(legal, '/authorities/duty?duty=jp-appi/preliminary-report');
  await shows(legal, '第2026-0001号');
  await look(legal, 'duty-filed');
  await rule('不要と判断（通知しない）', '専門家の意見により、報告の対象ではないと判断した。');
  await look(legal, 'duty-ruled');
  await rule('規則による結果に戻す', '事実の訂正により取り消した。');
  await at(legal, `/authorities?as_of=${tokyo(1)}`);
  await shows(legal, 'の時点で分かっていたこと');
  await look(legal, 'authorities-earlier');

  part('the same questions without an incident');
  await legal.goto(`${server.address}/what-if`);
  await look(legal, 'what-if');
  for (let asked = 0; asked < 3; asked += 1) {
    const first = legal.locator('form.card input[name=value]').first();
    if (!await first.count()) { await legal.locator('form.card select[name=country]').first().selectOption('JP'); } else { await first.check(); }
    await button(legal, '回答する');
  }
  await shows(legal, 'これまでの回答');
  await look(legal, 'what-if-answered');

  part('write a template of our own, choose who approves');
  await legal.goto(`${server.address}/incidents`);
  await follow(legal, legal.getByRole('banner').getByRole('link', { name: '文例' }).first());
  await look(legal, 'templates');
  await link(legal, '社内通知');
  await look(legal, 'template');
  // The preview follows what is typed, and names the line of a mistake; nothing of it is saved.
  expect(legal, 422);
  const preview = text => legal.locator('#preview', { hasText: text }).waitFor();
  await legal.getByRole('textbox').fill('一行目\n{{nobody}}');
  await preview('2行目：「nobody」は差し込めません。');
  await button(legal, '自社の文として保存');
  await legal.getByRole('alert').waitFor();
  await look(legal, 'template-refused');
  await legal.getByRole('textbox').fill('{{organisation.name}}からのお知らせ。{{fact "delegator_notified"}}');
  await preview('株式会社さくら商店からのお知らせ。');
  expect(legal);
  await button(legal, '自社の文として保存');
  await shows(legal, '自社の文を保存しました。');
  await legal.locator('#vocabulary > summary').click();
  await legal.getByRole('link', { name: '製品の文と比べる' }).click();
  await heading(legal, '製品の文から第1版への変更');
  await look(legal, 'template-versions');
  await legal.locator('#versions details > summary').click();
  await button(legal, '製品の文に戻す');
  await shows(legal, '製品の文に戻しました。');
  await legal.goto(`${server.address}/approval-chains`);
  await look(legal, 'approval-chains-read');
  await admin.goto(`${server.address}/approval-chains`);
  const chain = admin.locator('#kind-press_release');
  await chain.locator('summary').click();
  await look(admin, 'approval-chains');
  expect(admin, 422);
  for (const select of await chain.locator('select').all()) await select.selectOption('');
  await chain.getByRole('button', { name: 'この順にする' }).click();
  await admin.getByRole('alert').waitFor();
  await look(admin, 'approval-chains-refused');
  expect(admin);
  await chain.getByLabel('1人目').selectOption({ label: '承認者' });
  await chain.getByRole('button', { name: 'この順にする' }).click();
  await shows(chain, '自社の順');
  await chain.locator('summary').click();
  await chain.getByRole('button', { name: '製品の順に戻す' }).click();
  await shows(admin, '製品の順に戻しました。');

  part('draft the mail to the customers');
  await at(legal, '/notices');
  await button(section(legal, '本人への通知（電子メール）'), '事実から起案する');
  await shows(legal, '分かっている事実から起案しました。');
  assert.equal(await legal.getByText(/【確認中】が\d+か所あります/).count(), 0, 'every fact of the mail is known');
  const mail = new URL(legal.url()).pathname;
  await look(legal, 'mail-draft');
  await link(legal, 'プレビュー');
  await look(legal, 'mail-preview');
  await legal.goto(server.address + mail);
  // A placeholder that was left keeps it from being handed in.
  const body = legal.locator('[name="body.ja"]');
  const written = await body.inputValue();
  await body.fill(`${written}\n\n担当：○○部`);
  await button(legal, '新しい版として保存');
  await shows(legal, '仮の文字が残っています');
  await look(legal, 'mail-checks');
  await body.fill(`${written}\n\n担当：広報部`);
  await button(legal, '新しい版として保存');
  await shows(legal, '新しい版として保存しました。');
  await follow(legal, legal.getByRole('link', { name: '変更点' }).first());
  await look(legal, 'mail-changes');
  await legal.goto(server.address + mail);
  await link(legal, '宛先を選ぶ');
  await look(legal, 'mail-readers');
  await legal.goto(server.address + mail);
  await answerWarnings(legal);
  await button(legal, '承認を依頼する');
  await shows(legal, '承認を依頼しました。');
  await admin.goto(server.address + mail);
  await look(admin, 'mail-to-approve');
  await button(admin, 'この版を承認する');
  await shows(admin, '承認しました。');
  await approver.goto(server.address + mail);
  await button(approver, 'この版を承認する');
  await shows(approver, '承認しました。');
  assert.equal(await approver.getByRole('link', { name: '送信へ進む' }).count(), 0, 'an approver does not send');

  part('send it with a typed confirmation');
  await admin.goto(server.address + mail);
  await link(admin, '送信へ進む');
  await look(admin, 'send');
  const confirm = () => admin.getByLabel(/^確認のため、送信する人数/);
  expect(admin, 422);
  await confirm().fill('999');
  await button(admin, '3人に送信する');
  await admin.getByRole('alert').waitFor();
  assert.equal(await confirm().inputValue(), '999', 'the input is kept');
  await look(admin, 'send-refused');
  expect(admin);
  await confirm().fill('3');
  await button(admin, '3人に送信する');
  await shows(admin, '送信を始めました。');
  for (let tries = 0; !(await admin.getByText('送信終了').count()); tries += 1) {
    assert(tries < 60, 'the mails were not delivered within a minute');
    await admin.waitForTimeout(1000);
    await admin.goto(server.address + mail);
  }
  await look(admin, 'mail-sent');
  const sent = server.mails().filter(taken => taken.to.some(to => roster.includes(to)));
  assert.deepEqual(sent.map(taken => taken.to[0]).sort(), ['anna@example.com', 'hanako@example.jp', 'sakura@example.jp']);
  for (const taken of sent) {
    assert.deepEqual(taken.defects, []);
    const [name, desk] = { 'anna@example.com': ['Anna Schmidt', 'Customer data desk'], 'hanako@example.jp': ['山田 花子', 'お客様情報窓口'], 'sakura@example.jp': ['高橋 さくら', 'お客様情報窓口'] }[taken.to[0]];
    for (const text of [taken.text, taken.html]) {
      assert(text.includes(name) && text.includes(desk), `${name} is addressed in their language`);
      assert(!/\{\{|確認中|To be confirmed/.test(text), 'nothing is left open');
    }
  }

  part('write on the timeline');
  await at(admin, '/timeline');
  await admin.getByLabel('いま起きたことを記録').fill('記者会見を行わないことに決めた。');
  await admin.getByLabel('決定として記録').check();
  await button(admin, /^記録$/);
  await shows(admin, 'タイムラインに記録しました。');
  await shows(admin, '記者会見を行わないことに決めた。');
  await look(admin, 'timeline');
  await admin.getByRole('navigation', { name: '表示する記録' }).getByRole('link', { name: '報告・通知' }).click();
  await shows(admin, '第2026-0001号');

  part('review and export');
  await tab(admin, '振り返り');
  await look(admin, 'review');
  const chapter = name => admin.getByRole('navigation', { name: 'セクション' }).getByRole('link', { name }).click();
  await chapter(/^うまくいったこと/);
  await admin.getByLabel('本文').fill('30分以内に経路を**遮断**できた。');
  await admin.locator('#preview strong', { hasText: '遮断' }).waitFor();
  await shows(admin, '自動で保存しました。');
  await button(admin, '保存する');
  await shows(admin, '保存しました。');
  await chapter(/^再発防止の対応/);
  await admin.getByLabel(/^何をするか/).fill('管理画面に2段階認証を必須にする');
  await admin.getByLabel(/^担当/).fill('情報システム部');
  await button(admin, '対応を追加');
  await shows(admin, '対応を追加しました。');
  await link(admin, 'いま検証する');
  await shows(admin, '改ざんは見つかりませんでした。');
  await look(admin, 'review-written');
  await link(admin, '報告書を書き出す');
  await look(admin, 'reports');
  const start = { PDF: '%PDF-', HTML: '<!doctype html>', Markdown: '#', Word: 'PK' };
  for (const [language, wanted] of [['日本語', ['PDF', 'HTML', 'Markdown', 'Word']], ['English', ['PDF']]]) {
    for (const format of wanted) {
      await admin.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
      await admin.getByRole('radio', { name: language }).check();
      const [download] = await Promise.all([admin.waitForEvent('download'), button(admin, '書き出す')]);
      const bytes = Buffer.concat(await (await download.createReadStream()).toArray());
      assert(bytes.subarray(0, 20).toString().toLowerCase().startsWith(start[format].toLowerCase()), `${download.suggestedFilename()} is ${format}`);
      assert(bytes.length > 2000, `${download.suggestedFilename()} holds a report`);
      if (['HTML', 'Markdown'].includes(format)) assert(bytes.includes(TITLE) && bytes.includes('第2026-0001号'), `${format} tells of the filing`);
    }
  }
  await admin.reload();
  await shows(admin, 'English');

  part('the pages around the incident');
  const around = [['/incidents', 'board'], [incident, 'overview'], ['/clocks', 'deadlines'], ['/clocks/calendar', 'deadlines-month'], ['/mail', 'mail'], ['/actions', 'actions'], ['/account', 'account'], ['/organisation', 'organisation'], ['/playbooks', 'playbooks'], ['/playbooks/leak-cyberattack', 'playbook-read'], ['/nowhere', 'not-found']];
  for (const [path, name] of around) {
    expect(admin, 404);
    const answer = await admin.goto(server.address + path);
    assert.equal(answer.status(), path === '/nowhere' ? 404 : 200, path);
    await look(admin, name);
  }
  expect(admin);

  part('the main pages in English');
  await admin.goto(server.address + incident);
  await button(admin.getByRole('banner'), 'EN');
  await admin.locator('html[lang=en]').waitFor();
  for (const path of ['', '/playbook', '/facts', '/facts/people_affected', '/people', '/people/import', '/people/rosters', '/people/conflicts', '/people/look-up', '/facts/serves', '/facts/regulated_as', '/facts/gdpr_risk', '/authorities', '/authorities/duty?duty=jp-appi/preliminary-report', '/notices', '/evidence', '/proof', '/timeline', '/review', '/reports', '/clocks', '/edit']) {
    await at(admin, path);
    assert.equal(await admin.locator('html').getAttribute('lang'), 'en');
    await look(admin, `en-incident${path.replaceAll(/[/?=]/g, '-')}`);
    const japanese = shadow(await admin.evaluate(() => {
      // What people wrote, and what is marked as Japanese, stays as it is.
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('[lang=ja], script, textarea')) found.push(walker.currentNode.textContent);
      return found;
    }));
    if (japanese.length) problems.push(`${path || '/'} in English shows Japanese: ${japanese.slice(0, 4).join(' | ')}`);
  }
  for (const [path, name] of [[report, 'report'], [mail, 'mail'], ['/clocks', 'deadlines'], ['/clocks/calendar', 'deadlines-month'], ['/what-if', 'what-if'], ['/templates', 'templates'], ['/templates/customer_email?part=body&locale=en', 'template'], ['/approval-chains', 'approval-chains'], ['/incidents', 'board'], ['/incidents/new', 'declare'], ['/accounts', 'accounts'], ['/account', 'account'], ['/organisation', 'organisation'], ['/mail', 'mails'], ['/playbooks', 'playbooks'], ['/playbooks/leak-cyberattack', 'playbook-read']]) {
    await admin.goto(server.address + path);
    await look(admin, `en-${name}`);
  }

  part('rosters that an independent generator made');
  await admin.goto(`${server.address}/incidents/new`);
  await button(admin.getByRole('banner'), '日本語');
  await admin.locator('html[lang=ja]').waitFor();
  await admin.getByLabel(/何が起きましたか/).fill('名簿ファイルの誤送信');
  await button(admin, 'この内容で宣言する');
  await heading(admin, '名簿ファイルの誤送信');
  const second = new URL(admin.url()).pathname.split('/').slice(0, 3).join('/');
  const made = mkdtempSync(join(tmpdir(), 'shodo-rosters-'));
  execFileSync(server.python, [join(import.meta.dirname, 'rosters.py'), made, '300']);
  for (const file of ['faker-cp932.csv', 'faker.xlsx']) {
    await admin.goto(`${server.address}${second}/people/import`);
    await admin.getByRole('checkbox', { name: '氏名', exact: true }).check();
    await admin.getByLabel(/^名簿のファイル/).setInputFiles(join(made, file));
    await button(admin, '封印して列を確かめる');
    await shows(admin, 'ファイルを封印しました。列を確かめて、取り込みを始めてください。');
    await look(admin, `faker-draft-${file}`);
    await button(admin, '取り込みを始める');
    await shows(admin, '取り込み済み');
  }
  rmSync(made, { recursive: true });
  await admin.goto(`${server.address}${second}/people?channel=email`);
  await shows(admin, /^600人が見つかりました/);
  await look(admin, 'faker-register');
  for (const page of ['exports', 'keeping']) {
    await admin.goto(`${server.address}${second}/people/${page}`);
    await look(admin, `register-${page}`);
  }

  part('without script');
  const plain = await person('without script', { javaScriptEnabled: false });
  await plain.goto(`${server.address}/sign-in?next=${encodeURIComponent(`${incident}/timeline`)}`);
  await plain.getByLabel(/^メールアドレス/).fill('ito@example.jp');
  await plain.getByLabel(/^パスワード/).fill(PASSWORD);
  await button(plain, 'サインイン');
  await plain.getByLabel('いま起きたことを記録').fill('スクリプトなしで記録した。');
  await button(plain, /^記録$/);
  await shows(plain, 'スクリプトなしで記録した。');
  await plain.goto(`${server.address}/templates/internal_notice`);
  await plain.getByRole('textbox').fill('{{organisation.name}}で試す');
  await button(plain, 'プレビューを更新');
  await plain.locator('#preview', { hasText: '株式会社さくら商店で試す' }).waitFor();

  part('stop and verify');
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  const verdict = await server.command('verify');
  assert.deepEqual([verdict.code, verdict.out], [0, '']);
  const wrong = server.logs.map(line => JSON.parse(line)).filter(entry => entry.level === 'ERROR');
  for (const { timestamp, spans, span, ...entry } of wrong) problems.push(`the server logged: ${JSON.stringify(entry)}`);
}

let failure;
try {
  await walk();
} catch (error) {
  failure = error;
  for (const context of browser.contexts()) for (const page of context.pages()) {
    console.log(`\n--- open page: ${page.url()}`);
    console.log((await page.locator('body').innerText().catch(() => '')).slice(0, 1500));
  }
  console.log(`\n--- the server's last words:\n${server.logs.slice(-15).join('\n')}`);
} finally {
  await browser.close();
  server.clear();
}
if (problems.length) console.log(`\n${problems.length} problems:\n${problems.map(problem => `  ${problem}`).join('\n')}`);
if (failure) console.log(`\nthe walk stopped at "${step}": ${failure.stack}`);
console.log(`\n${seen.length} pages looked at in ${((Date.now() - began) / 1000).toFixed(0)} s: ${failure || problems.length ? 'FAILED' : 'ok'}${process.env.CI ? '' : '; pictures in target/screens'}`);
process.exitCode = failure || problems.length ? 1 : 0;
