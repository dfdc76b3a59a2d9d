// What the simulated cloud shares with others: its HTTP bodies, and scenes as data. Safe for the browser.
export * from './contract/demand.ts'
export * from './contract/http.ts'
export * from './contract/scene.ts'
export * from './contract/script.ts'
