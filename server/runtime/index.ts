export { readSandboxAccess } from './bootstrap.ts'
export {
  applyChanges,
  type Comparison,
  compare,
  describeDiff,
  exportDeclaration,
  pending,
  readDeclaration,
} from './declaration/index.ts'
export { type Check, doctor } from './doctor.ts'
export { forgetOldEncryptionKeys, renewEncryptionKey } from './encryption-key.ts'
export { dataDirOf, type Installation, withInstallation, withInstallationContext } from './installation.ts'
export { type Resealed, reseal } from './reseal.ts'
