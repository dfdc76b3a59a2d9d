import { ConflictError } from '../kernel/errors.ts'

/**
 * Whoever saves a draft has looked at the newest one; 0 stands for none.
 * @throws ConflictError if somebody saved another since.
 */
export function requireLookedAt(newestDraft: number, basedOnDraft: number): void {
  if (newestDraft === basedOnDraft) return
  throw new ConflictError(
    `Somebody saved draft ${newestDraft} since you opened draft ${basedOnDraft}. Look at it before you save yours.`,
    [{ path: 'basedOnDraft', message: `is ${basedOnDraft}`, expected: String(newestDraft) }],
  )
}

/**
 * The newest draft, if that is what the publisher saw beside the version in force. `called`: that version in words.
 * @throws ConflictError if another version came into force meanwhile, or it is not the newest draft.
 */
export function draftToPublish<Draft extends { number: number }>(
  stands: { version: number; called: string; draft: Draft | null },
  seen: { draftNumber: number; basedOnVersion: number },
): Draft {
  const { version, called, draft } = stands
  const { draftNumber, basedOnVersion } = seen
  if (version !== basedOnVersion) {
    throw new ConflictError(
      `${called} is in force, and you looked at version ${basedOnVersion}. Look at it first.`,
      [{ path: 'basedOnVersion', message: `is ${basedOnVersion}`, expected: String(version) }],
    )
  }
  if (draft?.number !== draftNumber) {
    const newest = draft ? `the newest is ${draft.number}` : 'there is no draft'
    throw new ConflictError(`Draft ${draftNumber} cannot be published: ${newest}.`, [
      { path: 'draftNumber', message: `is ${draftNumber}`, expected: String(draft?.number ?? 0) },
    ])
  }
  return draft
}
