import type { Tx } from '../../kernel/db.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import type { Control } from '../contract.ts'

type Governor = {
  id?: string
  workloadId: string
  control: Control
  governsPoolId: string | null
  replicasPerNode: number | null
}

/**
 * Which pool one governs, held against the others of its workload: nodes and sizes alone govern, replicas of the same workload, each
 * of which has at most one of either. A size that names none cuts the only replicas there are, where there is one such pool.
 * @throws InvalidInputError
 */
export async function governedBy(
  tx: Tx,
  { id, workloadId, control, governsPoolId, replicasPerNode }: Governor,
): Promise<Pick<Governor, 'governsPoolId' | 'replicasPerNode'>> {
  const refuse = (path: string, message: string, expected: string): never => {
    throw new InvalidInputError(`The pool ${message}.`, [{ path, message, expected }])
  }
  if (governsPoolId !== null && control !== 'nodes' && control !== 'size')
    refuse('governsPoolId', 'governs another one, which only nodes and sizes do', 'control "nodes" or "size"')
  if ((replicasPerNode !== null) !== (control === 'nodes' && governsPoolId !== null))
    refuse(
      'replicasPerNode',
      'of nodes that hold replicas says how many fit on one, and no other one does',
      'both "governs" and "replicasPerNode" for such nodes, neither for the others',
    )
  const others = await tx.pool.findMany({
    where: { workloadId, ...(id ? { id: { not: id } } : {}) },
    select: { id: true, control: true, governsPoolId: true },
  })
  const replicas = others.filter((pool) => pool.control === 'replicas')
  if (governsPoolId === null) {
    const [only] = replicas
    const free = only && !others.some((pool) => pool.control === control && pool.governsPoolId === only.id)
    return {
      governsPoolId: control === 'size' && replicas.length === 1 && free ? only.id : null,
      replicasPerNode,
    }
  }
  if (!replicas.some((pool) => pool.id === governsPoolId))
    refuse(
      'governsPoolId',
      'governs what is no pool of replicas of its workload',
      'a pool of the control "replicas"',
    )
  if (others.some((pool) => pool.control === control && pool.governsPoolId === governsPoolId))
    refuse('governsPoolId', `governs what another one of the control "${control}" governs`, 'one for each')
  return { governsPoolId, replicasPerNode }
}
