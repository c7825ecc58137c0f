<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

use Fiscalgate\Sdk\Exception\TransportException;

/**
 * Over ext-curl; a connection of its own for every request, so that none is repeated on one that had gone stale.
 */
final class CurlTransport implements TransportInterface
{
    private string $caFile;

    /** @param string $caFile trust these certificates instead of the system's */
    public function __construct(string $caFile = '')
    {
        $this->caFile = $caFile;
    }

    public function send(Request $request): Response
    {
        $body = '';
        $headers = [];
        $handle = curl_init();
        if ($handle === false) {
            throw new TransportException('curl cannot be started');
        }
        curl_setopt_array($handle, $this->options($request) + [
            CURLOPT_HEADERFUNCTION => static function ($handle, string $line) use (&$headers): int {
                $parts = explode(':', $line, 2);
                if (count($parts) === 2) {
                    $headers[strtolower(trim($parts[0]))] = trim($parts[1]);
                }
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($handle, string $chunk) use (&$body): int {
                $body .= $chunk;
                return strlen($body) > Response::MAX_BYTES ? -1 : strlen($chunk);
            },
        ]);
        if (curl_exec($handle) === false) {
            throw new TransportException('no answer: ' . curl_error($handle), curl_errno($handle));
        }
        return new Response((int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $body, $headers);
    }

    /** @return array<int, mixed> */
    private function options(Request $request): array
    {
        $lines = ['Expect:'];
        foreach ($request->getHeaders() as $name => $value) {
            $lines[] = $name . ': ' . $value;
        }
        $options = [
            CURLOPT_URL => $request->getUrl(),
            CURLOPT_CUSTOMREQUEST => $request->getMethod(),
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_CONNECTTIMEOUT => $request->getConnectSeconds(),
            CURLOPT_TIMEOUT => $request->getTotalSeconds(),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_FRESH_CONNECT => true,
            CURLOPT_FORBID_REUSE => true,
        ];
        if ($request->getMethod() === 'POST') {
            $options[CURLOPT_POSTFIELDS] = $request->getBody();
        }
        if ($this->caFile !== '') {
            $options[CURLOPT_CAINFO] = $this->caFile;
        }
        return $options;
    }
}
