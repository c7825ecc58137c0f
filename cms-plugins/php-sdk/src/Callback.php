<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\SignatureException;
use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * A result the gateway posted to the shop, proven to be the gateway's (Standard Webhooks). Whether it is news, the
 * CallbackReceiver tells.
 */
final class Callback
{
    /** Seconds the two clocks may differ. */
    public const TOLERANCE = 300;

    private string $webhookId;
    private int $timestamp;
    private Outcome $outcome;

    private function __construct(string $webhookId, int $timestamp, Outcome $outcome)
    {
        $this->webhookId = $webhookId;
        $this->timestamp = $timestamp;
        $this->outcome = $outcome;
    }

    /**
     * @param array<string, mixed> $headers by name, in any case; or $_SERVER
     * @param string $body as it came, byte for byte: php://input
     * @param string ...$codes the integrity code; while it is being changed, the old one too
     * @throws SignatureException it is not the gateway's: answer 401
     * @throws ValidationException it is, but it says nothing that can be understood: answer 400
     */
    public static function read(array $headers, string $body, int $now, string ...$codes): self
    {
        $headers = self::lowerNames($headers);
        $id = $headers['webhook-id'] ?? '';
        $timestamp = $headers['webhook-timestamp'] ?? '';
        self::verify($id, $timestamp, $headers['webhook-signature'] ?? '', $body, $now, $codes);
        parse_str($body, $fields);
        $outcome = Outcome::from(Json::decode(is_string($fields['json'] ?? null) ? $fields['json'] : ''));
        if ($outcome === null) {
            throw new ValidationException('callback', 'holds no outcome');
        }
        return new self($id, (int) $timestamp, $outcome);
    }

    /**
     * Throws unless a signature fits. How many were compared, and which fits, takes the same time.
     *
     * @param string[] $codes
     */
    public static function verify(
        string $id,
        string $timestamp,
        string $signatures,
        string $body,
        int $now,
        array $codes
    ): void {
        if ($id === '' || strlen($id) > 128 || preg_match('/^\d{1,12}$/D', $timestamp) !== 1) {
            throw new SignatureException('the callback is not signed');
        }
        if (abs($now - (int) $timestamp) > self::TOLERANCE) {
            throw new SignatureException('the callback is too old, or one of the clocks is wrong');
        }
        $fits = false;
        foreach (array_filter($codes, 'strlen') as $code) {
            $wanted = Signature::ofWebhook(Signature::webhookKey($code), $id, $timestamp, $body);
            foreach (explode(' ', $signatures) as $given) {
                $fits = hash_equals($wanted, $given) || $fits;
            }
        }
        if (!$fits) {
            throw new SignatureException('the signature of the callback does not fit');
        }
    }

    /** The same for every delivery of one result. */
    public function getWebhookId(): string
    {
        return $this->webhookId;
    }

    public function getTimestamp(): int
    {
        return $this->timestamp;
    }

    public function getOutcome(): Outcome
    {
        return $this->outcome;
    }

    /**
     * @param array<string, mixed> $headers
     * @return array<string, string>
     */
    private static function lowerNames(array $headers): array
    {
        $lower = [];
        foreach ($headers as $name => $value) {
            $name = strtolower(strtr((string) $name, '_', '-'));
            if (strncmp($name, 'http-', 5) === 0) {
                $name = substr($name, 5);
            }
            $value = is_array($value) ? reset($value) : $value;
            if (is_string($value) || is_int($value)) {
                $lower[$name] = (string) $value;
            }
        }
        return $lower;
    }
}
