import shipped from './base-0.json' with { type: 'json' }
import { type BaseModel, baseHash, readBase, type StoredBase, StoredBaseSchema } from './base-model.ts'

/** The base that the product comes with, and that every refitted one descends from. */
export const SHIPPED_BASE: StoredBase = StoredBaseSchema.parse(shipped)

/** The same, ready for use. */
export const shippedBase: BaseModel = readBase(SHIPPED_BASE)

export const shippedBaseHash = baseHash(SHIPPED_BASE)
