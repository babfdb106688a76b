// What the walk's people know: their answers, their roster. All made up.

/** Six rows: four people, one of them without a usable address; one person twice; one row cut short. */
export const roster = `氏名,フリガナ,メールアドレス,電話番号,会員番号,言語,国,生年月日,好きな色
山田 花子,ヤマダ ハナコ,hanako@example.jp,090-0000-0001,C-001,日本語,日本,1985-04-01,青
Anna Schmidt,,anna@example.com,,C-002,en,ドイツ,1990-02-03,
佐藤 健,サトウ ケン,ken.example.jp,090-0000-0003,C-003,ja,JP,2012-05-05,
山田 花子,ヤマダ ハナコ,hanako@example.jp,090-0000-0001,C-001,日本語,日本,1985-04-01,赤
鈴木 一郎,ichiro@example.jp
高橋 さくら,タカハシ サクラ,sakura@example.jp,,C-004,ja,JP,,
`;

const choose = label => page => page.getByRole('radio', { name: label, exact: true }).check();
const tick = (...labels) => async page => { for (const label of labels) await page.getByRole('checkbox', { name: label }).first().check(); };
const write = (ja, en) => async page => { await page.getByLabel('日本語').first().fill(ja); await page.getByLabel('英語').fill(en); };

/** How each question is answered on its page, in the order of asking. */
export const answers = {
  personal_data_involved: choose('はい'),
  breach_nature: tick('漏えい（外部に流出した）'),
  our_role: choose('自社で取り扱っている'),
  sector: choose('権限が委任されていない業種（委員会へ報告）'),
  protection: choose('保護されていない'),
  special_care_data: choose('いいえ'),
  property_damage_risk: choose('いいえ'),
  improper_purpose: choose('はい'),
  act_against_business: choose('はい'),
  my_number_involved: choose('いいえ'),
  gdpr_applies: choose('いいえ'),
  contact_difficult: choose('いいえ'),
  people_affected: async page => { await page.getByLabel('人数', { exact: true }).fill('4'); },
  data_items: tick(/^氏名/, /^メールアドレス/),
  residence: async page => { await page.getByLabel('国', { exact: true }).first().selectOption('JP'); },
  overview: write('会員サイトが不正アクセスを受け、会員の情報が外部に流出しました。', 'Our member site was accessed without authority, and data of members leaked.'),
  cause: write('管理画面のパスワードが推測されました。', 'The password of the administration page was guessed.'),
  secondary_damage: write('現在のところ確認されていません。', 'None is known at present.'),
  containment: write('管理画面を停止し、パスワードを変更しました。', 'We stopped the administration page and changed its password.'),
  advice_to_people: write('同じパスワードを使っている場合は、変更してください。', 'If you use the same password elsewhere, please change it.'),
};

/** Texts of an English page that are Japanese although nobody of the case wrote them. */
export function shadow(texts) {
  // A name is masked after its first character; the note of a roster is in the words of who imported it.
  const written = ['*', '影響を受けた人の名簿', '会員サイト', '情報システム部', '監視サービス', '会員名簿.csv', '会員データベース', 'WAFのログ', '記者会見', '第2026-0001号', '30分以内', '管理画面', '管理 太郎', '伊藤 玲', '中村 誠', '管太', '伊玲', '中誠', '管理', '伊藤', '中村', '電話での本人確認', '日本語', '初動', 'さくら', '花子', '会員', '好きな色', 'お客様情報窓口', '現在のところ', '同じパスワード', '専門家の意見', '事実の訂正'];
  return texts.map(text => text.trim()).filter(text => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) && !written.some(words => text.includes(words)));
}
