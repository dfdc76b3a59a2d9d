import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import type { EngineVerdict } from '../../kernel/generated/client.ts'
import type { PolicyResult } from '../../plan/contract.ts'
import {
  type EngineAnswer,
  type EngineStanding,
  type EngineVerdictView,
  engineDecisions,
} from './contract.ts'
import { type EngineInForce, engineInForce } from './in-force.ts'

/** An answer in one sentence. */
export function answerWords(answer: EngineAnswer): string {
  if (answer.kind === 'none')
    return `The policy engine gave no verdict: ${answer.problem.replace(/\.$/, '')}.`
  const why = answer.reasons.length === 0 ? '' : `: ${answer.reasons.join('; ').replace(/\.$/, '')}`
  return answer.kind === 'allow' ? `The policy engine allows it${why}.` : `The policy engine denies it${why}.`
}

const answerOf = ({ outcome, reasons, problem }: EngineVerdict): EngineAnswer =>
  outcome === 'none' ? { kind: 'none', problem: problem ?? 'unknown' } : { kind: outcome, reasons }

export const verdictWords = (verdict: EngineVerdict): string => answerWords(answerOf(verdict))

/**
 * A verdict among what rules say of a plan. Its name holds version and reasons, so that a waiver is for this denial and no other; no
 * published rule can have such a name.
 */
export function resultOf(verdict: EngineVerdict, { version, enforcement }: EngineInForce): PolicyResult {
  const said = verdict.reasons.length === 0 ? 'no reason given' : verdict.reasons.join('; ')
  return {
    rule: 'policy-engine',
    name: `Policy engine, version ${version}: ${said}`,
    enforcement: verdict.outcome === 'none' ? 'hard-mandatory' : enforcement,
    passed: verdict.outcome === 'allow',
    limit: 'must allow it',
    actual: verdict.outcome === 'none' ? 'no verdict' : verdict.outcome === 'allow' ? 'allows' : 'denies',
    message: verdictWords(verdict),
  }
}

export function verdictView(verdict: EngineVerdict): EngineVerdictView {
  const { actor: _, question: __, number: ___, decision, at, ...row } = verdict
  return {
    ...row,
    decision: z.enum(engineDecisions).parse(decision),
    text: verdictWords(verdict),
    at: at.toISOString(),
  }
}

/** What the engine in force said of a proposal as it is; null where none is asked. */
export async function engineStanding(
  tx: Tx,
  { id, contentHash }: { id: string; contentHash: string },
): Promise<EngineStanding | null> {
  const engine = await engineInForce(tx)
  if (engine === null) return null
  const { version: engineVersion, enforcement } = engine
  const newest = await tx.engineVerdict.findFirst({
    where: { proposalId: id, contentHash, engineVersion },
    orderBy: { number: 'desc' },
  })
  return { engineVersion, enforcement, verdict: newest && verdictView(newest) }
}

/** All that an engine said of one content of a proposal, oldest first. */
export async function verdictsOn(
  tx: Tx,
  { proposalId, contentHash }: { proposalId: string; contentHash: string },
): Promise<EngineVerdictView[]> {
  const rows = await tx.engineVerdict.findMany({
    where: { proposalId, contentHash },
    orderBy: { number: 'asc' },
    take: 100,
  })
  return rows.map(verdictView)
}
