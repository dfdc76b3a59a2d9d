import { createEngine, restoreEngine } from '../engine.ts'
import { EXPERT_NAMES } from '../roster.ts'
import { forecasterContract } from '../testing/forecaster-contract.ts'

for (const name of EXPERT_NAMES) {
  forecasterContract(`expert ${name}`, {
    create: (options) => createEngine({ ...options, experts: [name] }),
    restore: restoreEngine,
  })
}
