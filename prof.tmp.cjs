const {contentFindings}=require('./dist/contentRules.js');
const which=process.argv[2];
const cases={yaml:['k8s/a.yaml',i=>i%10?`      key${i}: value ${i}`:`    item${i}:`],ts:['src/a.ts',i=>i%3?`  const value${i} = compute(input.item${i}, "some text ${i}", options); // note ${i}`:`export function handler${i}(request: Request): Promise<Response> { return run(request, ${i}); }`],sql:['a.sql',i=>`INSERT INTO t (a, b) VALUES (${i}, 'text ${i}');`]};
const [p,l]=cases[which];const after=Array.from({length:5000},(_,i)=>l(i)).join('\n')+'\n';
(async()=>{for(let k=0;k<20;k++)await contentFindings([{path:p,before:undefined,after,added:Array.from({length:5000},(_,i)=>i+1),removed:[]}])})();
