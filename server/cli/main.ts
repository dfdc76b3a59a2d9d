import { enableCompileCache } from 'node:module'

// Most of a short command's time is compiling what it imports; the second time that is read from a cache.
enableCompileCache()
await import('./program.ts')
