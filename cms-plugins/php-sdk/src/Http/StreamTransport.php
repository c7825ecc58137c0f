<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

use Fiscalgate\Sdk\Exception\TransportException;

/**
 * Over PHP's own sockets, where there is no ext-curl; https needs ext-openssl. Speaks HTTP/1.0, so that an answer comes
 * whole and ends with its connection.
 */
final class StreamTransport implements TransportInterface
{
    private const MAX_HEADER_BYTES = 65536;

    private string $caFile;

    /** @param string $caFile trust these certificates instead of the system's */
    public function __construct(string $caFile = '')
    {
        $this->caFile = $caFile;
    }

    public function send(Request $request): Response
    {
        $deadline = microtime(true) + $request->getTotalSeconds();
        $url = parse_url($request->getUrl());
        if (!is_array($url) || !isset($url['scheme'], $url['host'])) {
            throw new TransportException('not an address');
        }
        $socket = $this->connect($url, $request->getConnectSeconds());
        try {
            $this->write($socket, $this->message($request, $url), $deadline);
            return $this->parse($this->readAll($socket, $deadline));
        } finally {
            fclose($socket);
        }
    }

    /**
     * @param array<string, mixed> $url
     * @return resource
     */
    private function connect(array $url, int $seconds)
    {
        $isTls = strtolower($url['scheme']) === 'https';
        $host = trim($url['host'], '[]');
        $tls = ['verify_peer' => true, 'verify_peer_name' => true, 'allow_self_signed' => false, 'peer_name' => $host,
            'SNI_enabled' => true];
        if ($this->caFile !== '') {
            $tls['cafile'] = $this->caFile;
        }
        $address = sprintf('%s://%s:%d', $isTls ? 'tls' : 'tcp', $url['host'], $url['port'] ?? ($isTls ? 443 : 80));
        $context = stream_context_create(['ssl' => $tls]);
        // The text of the warning says why a handshake failed; it is part of the exception instead.
        $warnings = [];
        set_error_handler(static function (int $level, string $text) use (&$warnings): bool {
            $warnings[] = $text;
            return true;
        });
        try {
            $flags = STREAM_CLIENT_CONNECT;
            $socket = stream_socket_client($address, $code, $text, $seconds, $flags, $context);
        } finally {
            restore_error_handler();
        }
        if ($socket === false) {
            $why = (string) $text !== '' ? (string) $text : implode('; ', $warnings);
            throw new TransportException('no connection: ' . $why, (int) $code);
        }
        return $socket;
    }

    /** @param array<string, mixed> $url */
    private function message(Request $request, array $url): string
    {
        $host = $url['host'] . (isset($url['port']) ? ':' . $url['port'] : '');
        $path = ($url['path'] ?? '/') . (isset($url['query']) ? '?' . $url['query'] : '');
        $lines = [$request->getMethod() . ' ' . $path . ' HTTP/1.0', 'Host: ' . $host, 'Connection: close'];
        foreach ($request->getHeaders() as $name => $value) {
            $lines[] = $name . ': ' . $value;
        }
        if ($request->getMethod() === 'POST') {
            $lines[] = 'Content-Length: ' . strlen($request->getBody());
        }
        return implode("\r\n", $lines) . "\r\n\r\n" . $request->getBody();
    }

    /** @param resource $socket */
    private function write($socket, string $message, float $deadline): void
    {
        stream_set_blocking($socket, false);
        while ($message !== '') {
            $this->await($socket, $deadline, true);
            $written = @fwrite($socket, $message);
            if ($written === false || ($written === 0 && feof($socket))) {
                throw new TransportException('the connection ended while the request was sent');
            }
            $message = (string) substr($message, $written);
        }
    }

    /** @param resource $socket */
    private function readAll($socket, float $deadline): string
    {
        $answer = '';
        while (!feof($socket)) {
            $chunk = @fread($socket, 65536);
            if ($chunk === false || $chunk === '') {
                $this->await($socket, $deadline, false);
                continue;
            }
            $answer .= $chunk;
            if (strlen($answer) > Response::MAX_BYTES + self::MAX_HEADER_BYTES) {
                throw new TransportException('no answer: it is too long');
            }
        }
        return $answer;
    }

    /** @param resource $socket */
    private function await($socket, float $deadline, bool $toWrite): void
    {
        $left = $deadline - microtime(true);
        $read = $toWrite ? null : [$socket];
        $write = $toWrite ? [$socket] : null;
        $except = null;
        $micros = (int) (($left - floor($left)) * 1e6);
        if ($left <= 0 || @stream_select($read, $write, $except, (int) $left, $micros) === 0) {
            throw new TransportException('no answer in time');
        }
    }

    private function parse(string $answer): Response
    {
        $parts = explode("\r\n\r\n", $answer, 2);
        $lines = explode("\r\n", $parts[0]);
        if (count($parts) !== 2 || preg_match('~^HTTP/1\.[01] (\d{3})\b~', $lines[0], $status) !== 1) {
            throw new TransportException('no answer: the connection ended too early');
        }
        $headers = [];
        foreach (array_slice($lines, 1) as $line) {
            $pair = explode(':', $line, 2);
            $headers[strtolower(trim($pair[0]))] = trim($pair[1] ?? '');
        }
        if (isset($headers['transfer-encoding']) || strlen($parts[1]) < (int) ($headers['content-length'] ?? 0)) {
            throw new TransportException('no answer: it is not whole');
        }
        return new Response((int) $status[1], $parts[1], $headers);
    }
}
