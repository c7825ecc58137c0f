<?php

use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\StreamTransport;
use Fiscalgate\Sdk\Http\TransportInterface;

/**
 * Over the framework's own client: its proxy and its interface count, its habit of following redirects does not.
 */
class shopFiscalgatePluginTransport implements TransportInterface
{
    /** waNet can be held to one address over curl only. */
    public static function best(): TransportInterface
    {
        return function_exists('curl_init') ? new self() : new StreamTransport();
    }

    public function send(Request $request): Response
    {
        $net = new shopFiscalgatePluginNet(array(
            'timeout'            => $request->getTotalSeconds(),
            'format'             => waNet::FORMAT_RAW,
            'request_format'     => waNet::FORMAT_RAW,
            'expected_http_code' => null,
            'verify'             => true,
            'log'                => false,
            'priority'           => array(waNet::TRANSPORT_CURL),
        ), $request->getHeaders());
        $net->setConnectSeconds($request->getConnectSeconds());
        try {
            $net->query($request->getUrl(), $request->getBody(), $request->getMethod());
        } catch (Exception $e) {
            if ($net->getStatus() === 0) {
                throw new TransportException('no answer: '.$e->getMessage(), (int) $e->getCode());
            }
        }
        if (strlen($net->getBody()) > Response::MAX_BYTES) {
            throw new TransportException('the answer is too long');
        }
        return new Response($net->getStatus(), $net->getBody(), $net->getHeaders());
    }
}
