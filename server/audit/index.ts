export { append } from './append.ts'
export { canonicalText, contentHashOf, sha256Hex } from './canonical.ts'
