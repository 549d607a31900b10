// An independent reader of docs/vault.5.md: node reader.mjs [--quiet] FILE.vault... IDENTITY... [-- ...] verifies each vault (the rules
// that refuse), opens what the identities up to the next -- open, and prints every value on the way. 1: a rule is broken.
import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
const base64 = (data) => Buffer.from(data).toString('base64').replace(/=+$/, '');
const bytes = (text) => Buffer.from(text, 'base64');
const join = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const hash = (data) => createHash('blake2b512').update(data).digest().subarray(0, 32);
const hmac = (key, ...parts) => createHmac('sha256', key).update(join(...parts)).digest();
const expand = (key, ...info) => hmac(key, ...info, [1]);
const need = (what, why) => { if (!what) throw new Error(why); };
// Keys as Node takes them: what stands before the 32 bytes of an X25519 (6e) or Ed25519 (70) key in DER.
const privateKey = (curve, raw) => createPrivateKey({ key: join(Buffer.from(`302e020100300506032b65${curve}04220420`, 'hex'), raw), format: 'der', type: 'pkcs8' });
const publicKey = (curve, raw) => createPublicKey({ key: join(Buffer.from(`302a300506032b65${curve}032100`, 'hex'), raw), format: 'der', type: 'spki' });
const rawPublic = (key) => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
function unseal(key, nonce, aad, sealed) {
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad).setAuthTag(sealed.subarray(-16));
  return join(cipher.update(sealed.subarray(0, -16)), cipher.final());
}
// Bech32 without its checksum, five bits a character (BIP 173).
const identitiesOf = (path) => (readFileSync(path, 'latin1').match(/^AGE-SECRET-KEY-1[0-9A-Z]+$/gm) ?? []).map((text) => {
  const bits = [...text.toLowerCase().slice(16, -6)].map((c) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(c).toString(2).padStart(5, '0')).join('').slice(0, 256);
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
});
// An age file of one chunk, opened with an X25519 identity; undefined where no stanza is for it.
function openAge(file, secret) {
  const [header, rest] = file.toString('latin1').split(/(?<=\n---) /);
  for (const [, share, body] of header.matchAll(/^-> X25519 (\S+)\n(\S+)\n/gm)) {
    try {
      const [own, theirs] = [privateKey('6e', secret), publicKey('6e', bytes(share))];
      const key = unseal(expand(hmac(join(bytes(share), rawPublic(own)), diffieHellman({ privateKey: own, publicKey: theirs })), 'age-encryption.org/v1/X25519'), Buffer.alloc(12), '', bytes(body));
      need(hmac(expand(hmac('', key), 'header'), header).equals(bytes(rest.slice(0, 43))), 'an age header is forged');
      const payload = Buffer.from(rest.slice(44), 'latin1');
      return unseal(expand(hmac(payload.subarray(0, 16), key), 'payload'), join(Buffer.alloc(11), [1]), '', payload.subarray(16)).toString();
    } catch { /* somebody else's stanza */ }
  }
}
function parse(header, line) {
  const [, kind, subject, fields, s] = /^([a-z]+) (\S+)((?: [a-z]+=\S+)*) s=(\S+)$/.exec(line) ?? need(false, `no record: ${line}`);
  const record = { kind, subject, signatures: [s], text: line.slice(0, line.lastIndexOf(' s=')), ...Object.fromEntries(fields.trim().split(' ').map((field) => field.split(/=(.*)/s))) };
  const meta = Object.fromEntries((record.m ?? '').split(';').filter(Boolean).map((pair) => pair.split(/:(.*)/s).map(decodeURIComponent)));
  return { ...record, meta, parents: record.p?.split(',') ?? [], id: base64(hash(join('bulla1/id\n', header, '\n', record.text))) };
}
const ROLES = ['reader', 'writer', 'admin', 'owner'], NEEDED = { root: 'owner', member: 'admin', unmember: 'admin', key: 'admin', grant: 'admin', set: 'writer', del: 'writer', mark: 'writer', join: 'writer' };
// Rules 1 to 5 for one record whose parents have passed.
function judge(record, records, ordered) {
  const { id, kind, subject, by, meta, v } = record;
  for (const name of [...record.parents, meta.of, meta.keep, meta.from].filter(Boolean)) need(records.has(name), `${id} names ${name}, which is missing`);
  record.ancestors = record.parents.map((parent) => records.get(parent)).reduce((all, parent) => all | parent.ancestors | 1n << BigInt(parent.index), 0n);
  const above = ordered.filter((other) => record.ancestors >> BigInt(other.index) & 1n);
  const role = kind === 'member' && ['admin', 'owner'].includes(meta.role) ? 'owner' : NEEDED[kind];
  const allowed = (kind === 'root' ? [record] : above).filter((other) => ['root', 'member'].includes(other.kind) && other.subject === by && other.meta.sign && role && ROLES.indexOf(other.meta.role) >= ROLES.indexOf(role));
  const isSigned = (s) => allowed.some(({ meta: { sign } }) => verify(null, join('bulla1/sig\n', id), publicKey('70', bytes(sign)), bytes(s)));
  need(record.signatures.every(isSigned), `${id}: not signed by ${by} with that right`);
  need(record.k === undefined || above.some((other) => other.kind === 'key' && other.subject === record.k), `${id}: no key ${record.k}`);
  const versions = above.filter((other) => other.v !== undefined && other.subject === subject).map((other) => Number(other.v));
  need(v === undefined || Number(v) === 1 + Math.max(0, ...versions), `${id}: version ${v} does not follow`);
}
function read(path, secrets) {
  const [header, ...lines] = readFileSync(path, 'latin1').split('\n');
  need(/^BULLA1 [0-9a-f]{32} [a-z0-9][a-z0-9-]{0,31}$/.test(header), 'no header');
  const [records, ordered, keys] = [new Map(), [], {}];
  for (const record of lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => parse(header, line))) {
    records.set(record.id, { ...record, signatures: [...records.get(record.id)?.signatures ?? [], ...record.signatures] });
  }
  const isReady = (record) => record.index === undefined && record.parents.every((parent) => records.get(parent)?.index !== undefined || !records.has(parent));
  while (ordered.length < records.size) {
    const next = [...records.values()].find(isReady);
    judge(next, records, ordered);
    next.index = ordered.push(next) - 1;
  }
  need(ordered.filter(({ parents }) => parents.length === 0).map(({ kind }) => kind).join() === 'root', 'not one root');
  for (const grant of ordered.filter((record) => record.kind === 'grant')) {
    const { commit } = ordered.find((record) => record.kind === 'key' && record.subject === grant.k).meta;
    for (const words of secrets.map((secret) => openAge(bytes(grant.d), secret)?.trimEnd().split(' ')).filter(Boolean)) {
      const key = bytes(words[4]);
      need(base64(expand(key, 'bulla1/commit')) === commit && words.slice(0, 4).join(' ') === `bulla1-key ${header.slice(7)} ${grant.k}`, `${grant.id}: not the key`);
      keys[grant.k] = { key: base64(key), commit, hedge: base64(expand(key, 'bulla1/hedge')) };
    }
  }
  const values = ordered.filter((record) => record.kind === 'set' && keys[record.k]).map(({ id, subject, v, k, d, text }) => {
    const [salt, sealed] = [bytes(d).subarray(0, 32), bytes(d).subarray(32)];
    const [key, aad] = [expand(bytes(keys[k].key), `bulla1/value:${subject} `, salt), join(header, '\n', text.slice(0, text.indexOf(' d=')))];
    const padded = unseal(key, Buffer.alloc(12), aad, sealed);
    const value = padded.subarray(0, padded.lastIndexOf(0x80));
    return { name: subject, version: Number(v), id, salt: base64(salt), key: base64(key), 'H(AAD)': base64(hash(aad)), padded: padded.toString('hex'), hex: value.toString('hex'), value: value.toString() };
  });
  return { header, records: ordered.map(({ id, text }) => `${id} ${text.split(' ', 2).join(' ')}`), heads: ordered.map(({ id }) => id).filter((id) => !ordered.some(({ parents }) => parents.includes(id))), keys, values };
}
const groups = process.argv.slice(2).filter((word) => word !== '--quiet').join('\n').split('\n--\n').map((group) => group.split('\n'));
const vaults = groups.map((words) => [words.filter((word) => word.endsWith('.vault')), words.filter((word) => !word.endsWith('.vault')).flatMap(identitiesOf)]).flatMap(([files, secrets]) => files.map((file) => [file, secrets]));
const author = (secret) => ({ secret: base64(secret), seed: base64(expand(secret, 'bulla1/author')), sign: base64(rawPublic(privateKey('70', expand(secret, 'bulla1/author')))) });
for (const [file, secrets] of vaults) try {
  const result = { authors: secrets.map(author), ...read(file, secrets) };
  if (process.argv[2] !== '--quiet') console.log(JSON.stringify(result, null, 1));
} catch (error) {
  process.exitCode = 1;
  console.error(`${file}: ${error.message}`);
}
