// Sends personalised multipart mail by nodemailer's pool; prints the seconds.
// Usage: node nodemailer.mjs PORT MESSAGES CONNECTIONS FOLDER-WITH-node_modules
import { createRequire } from "node:module";
import path from "node:path";

const [port, messages, connections, folder] = process.argv.slice(2);
const nodemailer = createRequire(path.join(path.resolve(folder), "x.js"))("nodemailer");
const sentence =
  "このたびは、お客様の個人情報が外部に漏えいした可能性のある事案が発生し、ご迷惑とご心配をおかけしておりますことを、心よりお詫び申し上げます。";
const six = Array(6).fill(sentence);
const pool = nodemailer.createTransport({
  host: "127.0.0.1", port: Number(port), pool: true, maxConnections: Number(connections),
  maxMessages: Infinity, secure: false, ignoreTLS: true,
});
const begun = process.hrtime.bigint();
let next = 0;
// As many waiting as the pool has connections, and some: it never idles, and nothing piles up.
await Promise.all(Array.from({ length: Number(connections) * 4 }, async () => {
  while (next < Number(messages)) {
    const name = `髙橋 さくら${next}`;
    const to = { name, address: `person${next++}@example.jp` };
    await pool.sendMail({
      from: { name: "お客様情報保護窓口", address: "privacy@shop.example.jp" }, to,
      subject: "【重要】個人情報の漏えいに関するお詫びとお知らせ",
      text: `${name} 様\n\n${six.join("\n\n")}\n`,
      html: `<p>${name} 様</p><p>${six.join("</p><p>")}</p>`,
    });
  }
}));
console.log(Number(process.hrtime.bigint() - begun) / 1e9);
pool.close();
