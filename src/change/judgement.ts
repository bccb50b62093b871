import { type Claims, claimsWithoutRecord, contradictions } from '../core/claims.ts';
import type { ProvenanceRecord } from '../core/record.ts';
import type { CommitSignature } from '../git/commitSignatures.ts';
import type { RecordSignature } from '../git/recordSignatures.ts';
import type { MeasuredCommit, MeasuredRecord } from './measured.ts';

/** All that a commit is judged by. */
export interface Evidence {
  readonly commit: MeasuredCommit;
  readonly claims: Claims;
  readonly signature: CommitSignature;
  /** By digest; a record that has none is left out. */
  readonly recordSignatures: ReadonlyMap<string, RecordSignature>;
  /** The commit's parents are not here: what it changed cannot be told. */
  readonly isShallow: boolean;
  /** Digests of records of this very change that no commit names. */
  readonly unnamed: readonly string[];
  /** Whether the repository has switched trailers off. */
  readonly isWithoutTrailers: boolean;
  /** What a policy has to say of it, where one was given. */
  readonly byPolicy: readonly Finding[];
}

/** One thing about a commit. A `fault` is wrong, a `doubt` could not be told, a `remark` is good to know. */
export interface Finding {
  readonly kind: FindingKind;
  readonly weight: 'fault' | 'doubt' | 'remark';
  /** What, in words; may hold text of the commit's. */
  readonly detail: string;
}

export type FindingKind =
  /** The bytes of a record are not what its digest says, or are no record. */
  | 'digest-mismatch'
  | 'malformed-record'
  /** A record is named and not here. */
  | 'missing-record'
  /** Not all added lines are in the records. */
  | 'partial-fit'
  /** A record that is named has none of the added lines. */
  | 'unrelated-record'
  /** Trailers and record differ. */
  | 'contradiction'
  /** Trailers that only a record can bear out, and no record is named. */
  | 'unbacked-claim'
  /** A `Provenance` trailer that holds no digest. */
  | 'unreadable-claim'
  /** A record of this change is here, and the message does not name it. */
  | 'stripped-trailers'
  | 'commit-signature'
  | 'record-signature'
  /** The parents are not here. */
  | 'shallow'
  /** Git could not read the commit. */
  | 'unreadable-commit'
  /** Only a note names the record. */
  | 'hooks-bypassed'
  /** The trailers count the lines of the commit as it was before a squash or a conflict. */
  | 'outdated-numbers'
  /** No claim, but a digest elsewhere in the message explains lines. */
  | 'mentioned-record'
  /** It lacks what the given policy requires. */
  | 'policy'
  /** It lacked that when it was made, and a person let it pass. */
  | 'policy-overridden';

/** What a commit comes to. Never "verified": whoever can write a commit can write its record too. */
export type Verdict = 'signed' | 'consistent' | 'falls-short' | 'could-not-tell' | 'unattributed';

const fault = (kind: FindingKind, detail: string): Finding => ({ kind, weight: 'fault', detail });
const doubt = (kind: FindingKind, detail: string): Finding => ({ kind, weight: 'doubt', detail });
const remark = (kind: FindingKind, detail: string): Finding => ({ kind, weight: 'remark', detail });

/** What there is to say of a commit, by its evidence alone. */
export function judge(evidence: Evidence): Finding[] {
  return [
    ...judgeRecords(evidence),
    ...judgeFit(evidence),
    ...judgeClaims(evidence),
    ...judgeNaming(evidence),
    ...judgeSignatures(evidence),
    ...evidence.byPolicy,
  ];
}

export function verdictOf(evidence: Evidence, findings: readonly Finding[]): Verdict {
  if (findings.some(({ weight }) => weight === 'fault')) return 'falls-short';
  if (findings.some(({ weight }) => weight === 'doubt')) return 'could-not-tell';
  const named = namedBy(evidence);
  if (named.length === 0 && evidence.commit.fitting === 0) return 'unattributed';
  const isRecordSigned = ({ digest }: MeasuredRecord): boolean =>
    evidence.recordSignatures.get(digest)?.state === 'good';
  const isSigned = evidence.signature.state === 'good' || (named.length > 0 && named.every(isRecordSigned));
  return isSigned ? 'signed' : 'consistent';
}

/** The records that the commit stands for: what its trailers or its note name. */
function namedBy({ commit }: Evidence): MeasuredRecord[] {
  return commit.records.filter(({ source }) => source !== 'message');
}

/** A digest is long; its beginning says which one. */
const short = (digest: string): string => digest.slice(0, 12);

function judgeRecords({ commit }: Evidence): Finding[] {
  return commit.records.flatMap(({ digest, source, found }): Finding[] => {
    // A digest in prose may be of anything.
    const broken = source === 'message' ? remark : fault;
    if (found === 'digest-mismatch') {
      return [broken('digest-mismatch', `the bytes of record ${short(digest)} are not the ones it was named for`)];
    }
    if (found === 'malformed') return [broken('malformed-record', `record ${short(digest)} is not a record`)];
    if (found === 'missing' && source !== 'message') {
      return [doubt('missing-record', `record ${short(digest)} is not here: fetch refs/countersign/records`)];
    }
    return [];
  });
}

function judgeFit(evidence: Evidence): Finding[] {
  const named = namedBy(evidence);
  if (named.length === 0) return mentionOnly(evidence);
  if (evidence.isShallow) return [doubt('shallow', 'its parents are not here: fetch more history')];
  const here = named.filter(({ found }) => typeof found !== 'string');
  if (here.length === 0) return [];
  const isRelated = here.some(({ lines }) => lines > 0);
  const unrelated = here
    .filter(({ lines }) => lines === 0)
    // Beside one that fits it may be what is left of a commit that was squashed into this one.
    .map(({ digest }) =>
      (isRelated ? remark : fault)('unrelated-record', `record ${short(digest)} has none of its lines`),
    );
  return isRelated ? [...unrelated, ...partialFit(evidence.commit)] : unrelated;
}

function partialFit({ fit, records }: MeasuredCommit): Finding[] {
  if (fit.state !== 'partial') return [];
  const lines = `${fit.matched} of ${fit.of} added lines are in its records`;
  const missing = records.filter(({ found }) => found === 'missing').map(({ digest }) => short(digest));
  if (missing.length === 0) return [fault('partial-fit', lines)];
  return [doubt('missing-record', `${lines}; the others may be in ${missing.join(', ')}, not here`)];
}

function mentionOnly({ commit, isShallow }: Evidence): Finding[] {
  const { fitting, added } = commit;
  if (isShallow || fitting === 0) return [];
  const detail = `it claims no record; ones mentioned in its message have ${fitting} of its ${added} lines`;
  return [remark('mentioned-record', detail)];
}

function judgeClaims(evidence: Evidence): Finding[] {
  const { claims, commit } = evidence;
  const unreadable = claims.unreadable.map((value) =>
    fault('unreadable-claim', `Provenance: ${value} holds no digest of 64 hex digits`),
  );
  const unbacked = claimsWithoutRecord(claims).map((claim) =>
    fault('unbacked-claim', `it claims "${claim}" and names no record`),
  );
  const record = claimedRecord(commit);
  if (!record) return [...unreadable, ...unbacked];
  const wrong = contradictions(claims, record).map((detail) => fault('contradiction', detail));
  return [...unreadable, ...unbacked, ...wrong, ...outdated(evidence, record)];
}

/** Of the records that the trailers name, the one that their numbers are of: it has most of the lines; the later one if two have. */
function claimedRecord({ records }: MeasuredCommit): ProvenanceRecord | undefined {
  const claimed = records.flatMap(({ source, found, lines }) =>
    source === 'trailer' && typeof found !== 'string' ? [{ found, lines }] : [],
  );
  const most = Math.max(...claimed.map(({ lines }) => lines));
  return claimed.find(({ lines }) => lines === most)?.found;
}

/** Numbers that were right when they were written, and that a squash or a conflict has overtaken. */
function outdated({ claims, commit, isShallow }: Evidence, record: ProvenanceRecord): Finding[] {
  const { added, countsAsAi } = commit.totals;
  if (isShallow || claims.lines.length === 0 || added === 0 || record.totals['added'] === added) return [];
  return [
    remark(
      'outdated-numbers',
      `AI-Lines is of the commit before a squash or a conflict; now it is ${countsAsAi}/${added}`,
    ),
  ];
}

/** Whether the message names what it should. */
function judgeNaming({ commit, unnamed, isWithoutTrailers }: Evidence): Finding[] {
  const sources = new Set(commit.records.map(({ source }) => source));
  if (isWithoutTrailers || sources.has('trailer') || sources.has('message')) return [];
  if (unnamed.length > 0) {
    const names = unnamed.map(short).join(', ');
    return [
      fault(
        'stripped-trailers',
        `its trailers were taken out: record ${names} is of this change, and no message names it`,
      ),
    ];
  }
  if (!sources.has('note')) return [];
  return [
    remark(
      'hooks-bypassed',
      'only a note names its record: the hooks were bypassed, or a rewrite dropped the trailers',
    ),
  ];
}

function judgeSignatures(evidence: Evidence): Finding[] {
  const { signature, recordSignatures } = evidence;
  const commit = signatureFinding('commit-signature', 'its signature', signature);
  const records = namedBy(evidence).flatMap(({ digest }) => {
    const found = recordSignatures.get(digest);
    return found ? signatureFinding('record-signature', `the signature of record ${short(digest)}`, found) : [];
  });
  return [...commit, ...records];
}

function signatureFinding(kind: FindingKind, whose: string, signature: CommitSignature | RecordSignature): Finding[] {
  switch (signature.state) {
    case 'none':
    case 'good':
      return [];
    case 'bad':
      return [fault(kind, `${whose} is bad: it is of something else`)];
    case 'revoked':
      return [fault(kind, `${whose} is by a key that was revoked`)];
    case 'expired':
      return [remark(kind, `${whose} is good, and it or its key has expired since`)];
    case 'stranger':
      return [remark(kind, `${whose} is by a key that nobody here vouches for`)];
    case 'unchecked': {
      const reason =
        'reason' in signature ? signature.reason : 'the key, the allowed signers or the program is not here';
      return [doubt(kind, `${whose} could not be checked: ${reason}`)];
    }
  }
}
