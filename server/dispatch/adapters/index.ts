import type { AdapterKind } from '../contract.ts'
import type { AdapterDefinition } from './definition.ts'
import { kubernetes } from './kubernetes/index.ts'
import { sandbox } from './sandbox.ts'

/** Every adapter, in alphabetical order; a new one is a file beside these and a line here. */
export const adapters: Record<AdapterKind, AdapterDefinition> = {
  kubernetes,
  sandbox,
}
