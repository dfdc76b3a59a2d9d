export { type Installation, withInstallation, withInstallationContext } from './installation.ts'
