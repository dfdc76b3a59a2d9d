import { EXPERT_NAMES, expertEntry } from '../roster.ts'
import { expertContract } from './testing/expert-contract.ts'

for (const name of EXPERT_NAMES) expertContract(name, expertEntry(name).build)
