// One value from a vault with nothing but Node's own crypto: node recover.js VAULT NAME VERSION KEY
// where KEY is the last word of what `age -d` finds in the grant.
'use strict';
const crypto = require('crypto');
const fs = require('fs');

const [vault, name, version, key] = process.argv.slice(2);
const lines = fs.readFileSync(vault, 'ascii').split('\n');
const record = lines.find((line) => line.startsWith(`set ${name} v=${version} `));
const [text, rest] = record.split(' d=');
const data = Buffer.from(rest.split(' ')[0], 'base64');
const salt = data.subarray(0, 32);
const expand = crypto.createHmac('sha256', Buffer.from(key, 'base64'));
expand.update(`bulla1/value:${name} `).update(salt).update(Buffer.of(1));
const open = crypto.createDecipheriv('chacha20-poly1305', expand.digest(), Buffer.alloc(12),
                                     {authTagLength: 16});
open.setAAD(Buffer.from(`${lines[0]}\n${text}`)).setAuthTag(data.subarray(-16));
const padded = Buffer.concat([open.update(data.subarray(32, -16)), open.final()]);
process.stdout.write(padded.subarray(0, padded.lastIndexOf(0x80)));
