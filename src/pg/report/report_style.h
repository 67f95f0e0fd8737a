/*
 * report_style.h
 *		The style sheet of the page of report().  It loads nothing from elsewhere.
 */
#ifndef NORMFREEZE_REPORT_STYLE_H
#define NORMFREEZE_REPORT_STYLE_H

static const char report_style[] =
	/* colors: text has a contrast of at least 4.5 on every background, in both schemes */
	":root{color-scheme:light dark;--page:#fff;--ink:#1b222c;--soft:#566170;--line:#d8dee6;--panel:#f5f7f9;--link:#1d4f91;"
	"--area:#b3c1d1;--live:#b3410a;--band:#f9f0d3;--major:#a1142a;--moderate:#845000;--none:#1a6a42;--undecided:#566170}\n"
	"@media (prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e4e8ee;--soft:#a2adbb;--line:#303946;--panel:#1a2029;--link:#8fb8f2;"
	"--area:#4a5b70;--live:#ffae70;--band:#322c1c;--major:#ff8f9c;--moderate:#f0b94f;--none:#74d3a0;--undecided:#a2adbb}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif;"
	"font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\n"
	"header,main,footer{max-width:1060px;margin:0 auto;padding:0 24px}\n"
	"header{padding-top:40px}footer{padding-top:8px;padding-bottom:48px;color:var(--soft);font-size:13px}\n"
	"h1{font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:2px 0 20px}\n"
	"h2{font-size:20px;font-weight:650;margin:48px 0 8px}h3{font-size:16px;font-weight:650;margin:24px 0 8px}\n"
	"p{margin:0 0 12px;max-width:76ch}a{color:var(--link)}code{font:13px/1.5 ui-monospace,\"SFMono-Regular\",Menlo,Consolas,\"Liberation Mono\",monospace}\n"
	".kicker{margin:0;color:var(--soft);font-size:13px;letter-spacing:.04em}.soft,figcaption,.legend{color:var(--soft);font-size:13px}\n"
	".skip{position:absolute;left:-9999px}.skip:focus{left:24px;top:8px;background:var(--page);padding:4px 8px}\n"
	":focus-visible{outline:2px solid var(--link);outline-offset:2px}\n"
	/* facts */
	"dl{margin:0}.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:12px 28px;border-top:1px solid var(--line);padding-top:16px}\n"
	".facts .full{grid-column:1/-1;order:1}.short{display:inline-block;max-width:14em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom}dt{color:var(--soft);font-size:13px}dd{margin:0}\n"
	".recipe{align-self:start}.recipe div{display:grid;grid-template-columns:9.5em 1fr;gap:12px;border-bottom:1px solid var(--line);padding:3px 0}.recipe div:first-child{border-top:1px solid var(--line)}\n"
	/* the verdict */
	".lead{font-size:19px;line-height:1.45;max-width:none;margin:28px 0 12px;padding:16px 20px;background:var(--panel);border-left:6px solid var(--undecided)}\n"
	"section .lead{font-size:15px;margin:12px 0;padding:10px 16px}\n"
	".lead.major{border-color:var(--major)}.lead.moderate{border-color:var(--moderate)}.lead.none{border-color:var(--none)}\n"
	".verdict{font-weight:600;white-space:nowrap}.verdict.major{color:var(--major)}.verdict.moderate{color:var(--moderate)}"
	".mark{width:.68em;height:.68em;fill:currentColor}.verdict.none{color:var(--none)}.verdict.undecided{color:var(--undecided)}\n"
	/* tables */
	"table{border-collapse:collapse;width:100%;align-self:start}caption{text-align:left;color:var(--soft);font-size:13px;padding:0 0 2px}\n"
	"th,td{text-align:left;vertical-align:baseline;padding:3px 14px 3px 0;border-bottom:1px solid var(--line);font-weight:400}\n"
	"thead th,thead td{color:var(--soft);font-size:13px;vertical-align:bottom}.n,thead th{overflow-wrap:normal;hyphens:none}.n{text-align:right;white-space:nowrap}td:last-child,th:last-child{padding-right:0}\n"
	".overview{table-layout:fixed}.overview td,.overview th{vertical-align:middle}.overview th:nth-child(2),.pic{width:160px}\n"
	".overview th:nth-child(n+3){width:118px}.overview .n{width:104px}.overview .name bdi{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}\n"
	".overview .pic{padding-top:3px;padding-bottom:0}.scroll{overflow-x:auto;margin:12px 0;background:linear-gradient(90deg,var(--page) 24px,transparent) 0 0/48px 100%,linear-gradient(270deg,var(--page) 24px,transparent) 100% 0/48px 100%,linear-gradient(90deg,var(--line),transparent) 0 0/12px 100%,linear-gradient(270deg,var(--line),transparent) 100% 0/12px 100%;background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}.scroll td{min-width:5em;overflow-wrap:break-word}.scroll th{white-space:nowrap}table+.recipe{margin-top:24px}.scroll time,.id{white-space:nowrap}"
	"tr.this th{font-weight:650}\n"
	/* details */
	"details{border-top:1px solid var(--line)}details:last-of-type{border-bottom:1px solid var(--line)}\n"
	"summary{cursor:pointer;padding:10px 0;display:flex;gap:16px;align-items:baseline}summary::before{content:\"\";flex:none;width:.5em;height:.65em;background:var(--soft);clip-path:polygon(0 0,100% 50%,0 100%)}"
	"details[open]>summary::before{transform:rotate(90deg)}summary::-webkit-details-marker{display:none}\n"
	"summary h3{margin:0;flex:1 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}details[open] h3{white-space:normal}\n"
	".pair{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:24px 44px;padding:4px 0 32px;font-size:14px}.pair table{margin-bottom:24px}.pair>div>:last-child{margin-bottom:0}\n"
	".body{scroll-margin-top:64px}figure{margin:0 0 24px;min-width:0}\n"
	/* pictures */
	".chart{display:block;width:100%;height:240px;overflow:visible}.spark{display:block;width:100%;height:30px;overflow:visible}\n"
	".t{fill:var(--area)}.l{fill:none;stroke:var(--live);stroke-width:2;stroke-linejoin:round}.spark .l{stroke-width:1.5}\n"
	".l,.base,.rng,.cut,.end{vector-effect:non-scaling-stroke}.end{fill:none;stroke:var(--ink);stroke-width:1.5}.near{fill:none;pointer-events:all}"
	".base{stroke:var(--soft);stroke-width:1}.rng{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3}\n"
	".cut{stroke:var(--page);stroke-width:3}.band{fill:var(--band)}\n"
	".axis{position:relative;height:22px;font-size:12px;color:var(--soft)}.axis span{position:absolute;top:3px;transform:translateX(-50%);white-space:nowrap}"
	".axis .s{transform:none;margin-left:-4px}.axis .e{transform:translateX(-100%)}\n"
	".key{display:inline-block;width:22px;height:10px;margin:0 4px 0 0}.kt{background:var(--area)}.kl{border:solid var(--live);border-width:2px 2px 0;margin-left:12px}.kb{margin-left:12px}\n"
	/* stages */
	".timeline{display:grid;grid-template-columns:max-content 1fr;gap:6px 16px;align-items:center;margin:12px 0 6px}.stage{max-width:14em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\n"
	".track{position:relative;height:24px;min-width:0}.track span{position:absolute;top:0;height:24px;border:1px solid var(--soft);padding:0 6px;font-size:12px;line-height:22px;"
	"overflow:hidden;white-space:nowrap;background:var(--page)}.track .this{background:var(--ink);color:var(--page);border-color:var(--ink)}\n"
	"@media (max-width:960px){.overview th:nth-child(2),.pic{width:120px}.overview th:nth-child(n+3){width:96px}}\n"
	"@media (max-width:720px){header,main,footer{padding-left:16px;padding-right:16px}.wide{display:none}.pair{grid-template-columns:minmax(0,1fr)}h1{font-size:25px}.lead{font-size:17px;padding:12px 14px}"
	".overview th:nth-child(2),.pic{width:86px}.overview th:nth-child(n+3){width:104px}.overview th:nth-child(n+4),.overview .n{width:58px}.overview .verdict{white-space:normal;font-size:14px}th,td{padding-right:8px}.overview .name bdi{-webkit-line-clamp:4}.recipe div{grid-template-columns:9em 1fr}.chart{height:150px}}\n"
	"@media (max-width:360px){.overview th:nth-child(2),.pic{display:none}}\n"
	"@media print{:root{--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#fff;--link:#000;--area:#c4cdd8;--live:#9c3600;--band:#f3e9c8;--major:#8f0f22;--moderate:#704400;--none:#125433;--undecided:#444}"
	"body{font-size:9.5pt;line-height:1.4}.pair{font-size:8pt;gap:12px 32px;padding-bottom:16px}.pair code,.pair dt,.pair caption,.pair thead th,figcaption,.axis{font-size:7.5pt}th,td,.recipe div{padding-top:1px;padding-bottom:1px}.pair table,figure{margin-bottom:12px}.chart{height:150px}h2{margin-top:28px}caption,thead{break-after:avoid}header,main,footer{max-width:none;padding:0}.skip{display:none}details::details-content{content-visibility:visible;display:block;height:auto}"
	"details{break-inside:avoid}h2,h3,summary{break-after:avoid}tr,figure{break-inside:avoid}.scroll{overflow:visible}a{text-decoration:none}"
	".t,.l,.band,.key,.track span,summary::before{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n";

#endif							/* NORMFREEZE_REPORT_STYLE_H */
