import type { Workload } from '../kernel/generated/client.ts'
import { type WorkloadView, workloadInput } from './contract.ts'

/** A row as others see it. */
export function workloadView(row: Workload): WorkloadView {
  return { ...workloadInput.parse(row), id: row.id, createdAt: row.createdAt.toISOString() }
}
