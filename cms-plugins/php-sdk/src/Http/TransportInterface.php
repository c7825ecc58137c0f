<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

use Fiscalgate\Sdk\Exception\TransportException;

/**
 * Sends one request and brings its answer: the SDK's own, or one over the HTTP client of a CMS.
 *
 * It must verify certificates, follow no redirects, take no longer than the request allows to connect and in all, and
 * send nothing twice. Any HTTP status is an answer.
 */
interface TransportInterface
{
    /** @throws TransportException where there is no whole answer; its text names no secret */
    public function send(Request $request): Response;
}
