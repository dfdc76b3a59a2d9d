export { type Check, doctor } from './doctor.ts'
export { type Installation, withInstallation, withInstallationContext } from './installation.ts'
