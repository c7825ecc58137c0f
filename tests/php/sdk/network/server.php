<?php

/**
 * A server for the tests of transports: prints its port, then answers one connection after another by the path that is
 * asked for. `php server.php [CERTIFICATE]`; it ends with its standard input.
 */

declare(strict_types=1);

$tls = isset($argv[1]) ? ['ssl' => ['local_cert' => $argv[1]]] : [];
$address = ($tls === [] ? 'tcp' : 'tls') . '://127.0.0.1:0';
$server = stream_socket_server($address, $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create($tls));
echo parse_url('x://' . stream_socket_get_name($server, false), PHP_URL_PORT), "\n";
$held = [];
while (true) {
    $ready = [$server, STDIN];
    $none = null;
    stream_select($ready, $none, $none, null);
    if (in_array(STDIN, $ready, true)) {
        exit(0);
    }
    $client = @stream_socket_accept($server, 5);
    if ($client === false) {
        continue; // a handshake that was broken off
    }
    $head = '';
    while (strpos($head, "\r\n\r\n") === false && ($line = fgets($client)) !== false) {
        $head .= $line;
    }
    $length = preg_match('/^Content-Length: (\d+)/mi', $head, $parts) === 1 ? (int) $parts[1] : 0;
    $body = '';
    while (strlen($body) < $length && ($chunk = fread($client, $length - strlen($body))) !== '') {
        $body .= $chunk;
    }
    $path = explode(' ', $head)[1] ?? '';
    $json = (string) json_encode(['head' => $head, 'body' => $body]);
    $answers = [
        '/echo?x=1' => "HTTP/1.1 200 OK\r\nX-Word: a: b\r\nContent-Length: " . strlen($json) . "\r\n\r\n" . $json,
        '/fails' => "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}",
        '/moved' => "HTTP/1.1 302 Found\r\nLocation: /echo?x=1\r\nContent-Length: 0\r\n\r\n",
        '/half' => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        '/empty' => '',
        '/garbage' => "SSH-2.0-OpenSSH\r\n\r\n",
    ];
    if ($path === '/hangs') {
        $held[] = $client;
        continue;
    }
    if ($path === '/endless') {
        @fwrite($client, "HTTP/1.1 200 OK\r\n\r\n");
        while (@fwrite($client, str_repeat('x', 65536)) > 0) {
            continue;
        }
    }
    @fwrite($client, $answers[$path] ?? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    fclose($client);
}
