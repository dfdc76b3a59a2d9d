/** Words that stand in most guessable passwords, lower case. */
export const commonWords: readonly string[] = `
password passwort passwd pass word letmein welcome admin administrator login signin master root system server secret
changeme change default guest user test testing temp temporary demo sample example company office work work2 business
infrasage infra sage operator auditor audit cloud cluster kubernetes docker linux windows ubuntu debian oracle cisco
qwerty qwertz azerty asdf asdfgh zxcv zxcvbn qazwsx wsxedc qaz1 1qaz 2wsx abc123 monkey dragon shadow sunshine princess
football baseball basketball hockey soccer superman batman spiderman pokemon starwars michael jordan jennifer jessica
charlie thomas robert daniel andrew joshua matthew george ashley nicole hannah amanda maggie pepper ginger tigger buster
hunter ranger harley mustang corvette ferrari porsche yamaha mercedes summer winter spring autumn january february march
april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
iloveyou love lovely loveme forever angel baby babygirl sweet honey sugar chocolate cookie banana apple orange cherry
purple yellow silver golden gold diamond freedom whatever nothing trustno1 trust killer access computer internet google
facebook twitter youtube amazon microsoft samsung iphone android hello world helloworld goodbye thank please money
dollar million lucky happy hello123 family friend friends mother father sister brother daughter children america london
berlin paris germany france england canada australia india china japan chelsea arsenal liverpool manchester barcelona
madrid player winner champion thunder lightning phoenix eagle falcon tiger lion panther wolf bear horse snoopy garfield
matrix trinity neo cheese pizza coffee beer whiskey vodka music guitar rocknroll metallica nirvana slipknot blink182
bitch fuck fuckyou asshole shit sexy jesus christ god heaven hell devil satan angels church bible grace faith hope
correct battery staple correcthorsebatterystaple horse open sesame opensesame my the new old your our this that is
`
  .trim()
  .split(/\s+/)
