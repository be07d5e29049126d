/** A plain page that names what the private listener serves. */
export function pageFor(sdkAppId: number): string {
  const endpoints = [
    ['/api/groups', 'the groups, newest first', '?search= &type= &owner= &limit= &cursor='],
    ['/api/callbacks', 'the callbacks, newest first', '?command= &status=accepted|unknown|rejected &limit= &cursor='],
    ['/api/callbacks?status=rejected', 'what was refused, each with its reason', ''],
    ['/docs', 'the reference of the callbacks', ''],
    ['/openapi.yaml', 'their contract, for tools', ''],
  ];
  const rows = endpoints.map(
    ([path, what, parameters]) =>
      `<tr><td><a href="${path}">${path}</a></td><td>${what} <code>${parameters}</code></td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Tencent Chat callbacks</title>
<h1>Tencent Chat callbacks</h1>
<p>App ${sdkAppId}. One group: <code>/api/groups/{groupId}</code>; one callback with its body: <code>/api/callbacks/{id}</code>;
judge a rejected one again: <code>POST /api/callbacks/{id}/retry</code>.</p>
<table>${rows.join('')}</table>
</html>
`;
}
