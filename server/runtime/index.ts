export { type Installation, openInstallation } from './installation.ts'
