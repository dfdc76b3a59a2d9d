export { type Advanced, advance } from './advance.ts'
