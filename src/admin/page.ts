/** The page, which its script fills; without scripts it names what the private listener serves. */
export function pageFor(sdkAppId: number): string {
  const endpoints = [
    ['/api/groups', 'the groups, newest first'],
    ['/api/callbacks', 'the callbacks, newest first'],
    ['/api/callbacks?status=rejected', 'what was refused, each with its reason'],
    ['/docs', 'the reference of the callbacks'],
    ['/openapi.yaml', 'their contract, for tools'],
  ];
  const rows = endpoints.map(([path, what]) => `<li><a href="${path}">${path}</a> ${what}</li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tencent Chat callbacks</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/page.css">
<script type="module" src="/assets/page.js"></script>
</head>
<body>
<noscript>
<h1>Tencent Chat callbacks</h1>
<p>The page needs JavaScript. App ${sdkAppId}; without scripts there are</p>
<ul>${rows.join('')}</ul>
<p>One group: <code>/api/groups/{groupId}</code>; one callback with its body: <code>/api/callbacks/{id}</code>;
judge a rejected one again: <code>POST /api/callbacks/{id}/retry</code>.</p>
</noscript>
</body>
</html>
`;
}
