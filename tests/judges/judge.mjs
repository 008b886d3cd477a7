// Judges receipts with what @sigstore/verify itself does it with; none of our code takes part.
//
// Standard input: a JSON list of cases. Standard output: a JSON list, true where the case holds.
//   {"kind": "inclusion", "leaf", "index", "size", "path": […], "root"}
//   {"kind": "checkpoint", "note", "name", "public"}
//   {"kind": "receipt", "leaf", "index", "path": […], "note", "name", "public"}
// Numbers are decimal texts; bytes are base 64; a public key is the 32 bytes of Ed25519.
import { createHash, createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint.js");
const { verifyMerkleInclusion } = require("@sigstore/verify/dist/tlog/merkle.js");
const { VerificationError } = require("@sigstore/verify");

const bytes = (base64) => Buffer.from(base64, "base64");

// RFC 8410: what stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo.
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

// The log as the judge knows it: its id begins as the key id of the signature line does.
function log({ name, public: key }) {
  const raw = bytes(key);
  const id = createHash("sha256").update(`${name}\n\x01`).update(raw).digest();
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI_HEAD, raw]),
    format: "der",
    type: "spki",
  });
  return { logID: id, baseURL: name, publicKey };
}

function proof({ leaf, index, path }) {
  const inclusionProof = { logIndex: index, hashes: path.map(bytes) };
  return { canonicalizedBody: bytes(leaf), inclusionProof };
}

const checkpointOf = (theCase) =>
  verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: theCase.note } } }, [log(theCase)]);

const JUDGES = {
  inclusion: (theCase) =>
    verifyMerkleInclusion(proof(theCase), { logSize: theCase.size, logHash: bytes(theCase.root) }),
  checkpoint: checkpointOf,
  receipt: (theCase) => verifyMerkleInclusion(proof(theCase), checkpointOf(theCase)),
};

function holds(theCase) {
  try {
    JUDGES[theCase.kind](theCase);
    return true;
  } catch (error) {
    // A size that is no number is a SyntaxError there; all else is a fault of this script.
    if (error instanceof VerificationError || error instanceof SyntaxError) return false;
    throw error;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(await text(process.stdin)).map(holds)));
