<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Http;

/**
 * What a transport is to send, and how long it may take.
 */
final class Request
{
    public const CONNECT_SECONDS = 5;
    public const TOTAL_SECONDS = 15;

    private string $method;
    private string $url;
    /** @var array<string, string> */
    private array $headers;
    private string $body;
    private int $totalSeconds;

    /** @param array<string, string> $headers */
    public function __construct(
        string $method,
        string $url,
        array $headers = [],
        string $body = '',
        int $totalSeconds = self::TOTAL_SECONDS
    ) {
        $this->method = $method;
        $this->url = $url;
        $this->headers = $headers;
        $this->body = $body;
        $this->totalSeconds = max(1, $totalSeconds);
    }

    public function getMethod(): string
    {
        return $this->method;
    }

    public function getUrl(): string
    {
        return $this->url;
    }

    /** @return array<string, string> */
    public function getHeaders(): array
    {
        return $this->headers;
    }

    public function getBody(): string
    {
        return $this->body;
    }

    /** How long a connection may take to be made. */
    public function getConnectSeconds(): int
    {
        return min(self::CONNECT_SECONDS, $this->totalSeconds);
    }

    /** How long it may take from the beginning to the last byte of the answer. */
    public function getTotalSeconds(): int
    {
        return $this->totalSeconds;
    }

    /** @return array<string, string> without secrets */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'url' => (string) preg_replace('/\?.*/s', '', $this->url)];
    }
}
