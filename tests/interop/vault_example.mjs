// The example in docs/vault.5.md, computed again by what that page says. Argument: the page.
import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import assert from 'node:assert';

const page = readFileSync(process.argv[2], 'utf8');
const example = page.slice(page.search(/\n## \d+\. Example/));
const vault = /```vault\n([^]*?)```/.exec(example)[1].split('\n');
const identity = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(example)[0].toLowerCase();
// What stands in backquotes at the end of the table row that begins so.
const said = (row) => example.split('\n').find((line) => line.startsWith(`| ${row}`)).match(/`([^`]+)` \|$/)[1];

const base64 = (bytes) => bytes.toString('base64').replace(/=+$/, '');
const bytes = (text) => Buffer.from(text, 'base64');
const join = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const hash = (data) => createHash('blake2b512').update(data).digest().subarray(0, 32);
const expand = (key, info) => createHmac('sha256', key).update(join(info, [1])).digest();
const field = (line, key) => line.split(` ${key}=`)[1]?.split(' ')[0];
const meta = (line, key) => field(line, 'm').split(';').find((pair) => pair.startsWith(`${key}:`)).slice(key.length + 1);

// Bech32 without its checksum, five bits a character (BIP 173).
const values = [...identity.slice(identity.lastIndexOf('1') + 1, -6)].map((c) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(c));
const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('').slice(0, 256);
const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));

const seed = expand(secret, 'bulla1/author');
assert.equal(base64(seed), said("author's seed"));
const pkcs8 = join(Buffer.from('302e020100300506032b657004220420', 'hex'), seed);
const author = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
const sign = base64(author.export({ format: 'der', type: 'spki' }).subarray(-32));
assert.equal(sign, said('his public key'));

const header = vault[0];
const records = {};
for (const line of vault.slice(1).filter((text) => text !== '' && !text.startsWith('#'))) {
  const kind = line.split(' ')[0];
  const id = base64(hash(join('bulla1/id\n', header, '\n', line.slice(0, line.indexOf(' s=')))));
  assert.equal(id, said(`${kind} |`));
  assert.ok(verify(null, join('bulla1/sig\n', id), author, bytes(field(line, 's'))), `${kind} is signed`);
  records[kind] = { line, id };
}
assert.equal(meta(records.root.line, 'sign'), sign);
assert.equal(field(records.root.line, 'p'), undefined);
assert.equal(field(records.key.line, 'p'), records.root.id);
assert.equal(field(records.grant.line, 'p'), records.key.id);
assert.equal(field(records.set.line, 'p'), records.grant.id);

const words = /bulla1-key .*/.exec(example)[0].split(' ');
const key = bytes(words[4]);
const commitment = base64(expand(key, 'bulla1/commit'));
assert.equal(commitment, said('`X(K, "bulla1/commit")`'));
assert.equal(commitment, meta(records.key.line, 'commit'));
assert.deepEqual(words.slice(1, 4), [...header.split(' ').slice(1), commitment.slice(0, 8)]);

const sealed = bytes(field(records.set.line, 'd'));
const salt = sealed.subarray(0, 32);
assert.equal(base64(salt), said('salt of the value'));
const valueKey = expand(key, join('bulla1/value:DB_PASSWORD ', salt));
assert.equal(base64(valueKey), said('key of the value'));
const cipher = createDecipheriv('chacha20-poly1305', valueKey, Buffer.alloc(12), { authTagLength: 16 });
cipher.setAAD(join(header, '\n', records.set.line.slice(0, records.set.line.indexOf(' d='))));
cipher.setAuthTag(sealed.subarray(-16));
const padded = join(cipher.update(sealed.subarray(32, -16)), cipher.final());
const value = /The value of `DB_PASSWORD` is `([^`]+)`/.exec(example)[1];
assert.equal(padded.subarray(0, padded.lastIndexOf(0x80)).toString(), value);
