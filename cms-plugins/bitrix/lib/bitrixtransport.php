<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Main\Web\HttpClient;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * Over the HTTP client of Bitrix, which knows the proxy of the site. It checks certificates unless told otherwise.
 */
final class BitrixTransport implements TransportInterface
{
    public function send(Request $request): Response
    {
        $client = new HttpClient([
            'redirect' => false,
            'socketTimeout' => $request->getConnectSeconds(),
            'streamTimeout' => $request->getTotalSeconds(),
            'bodyLengthMax' => Response::MAX_BYTES,
            'version' => HttpClient::HTTP_1_1,
            'disableSslVerification' => false,
        ]);
        foreach ($request->getHeaders() as $name => $value) {
            $client->setHeader($name, $value);
        }
        $answered = $client->query($request->getMethod(), $request->getUrl(), $request->getBody());
        $body = $answered ? $client->getResult() : false;
        if (!is_string($body) || $client->getStatus() <= 0 || $client->getError() !== []) {
            throw new TransportException('no answer: ' . implode(', ', array_keys($client->getError())));
        }
        $after = $client->getHeaders()->get('Retry-After');
        return new Response($client->getStatus(), $body, $after === null ? [] : ['Retry-After' => (string) $after]);
    }
}
