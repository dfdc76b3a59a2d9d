export { readSandboxAccess } from './bootstrap.ts'
export { type Check, doctor } from './doctor.ts'
export { dataDirOf, type Installation, withInstallation, withInstallationContext } from './installation.ts'
