<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Encoding and signatures of the BIT dialect and of callbacks. Pure functions; the same vectors hold the gateway and the
 * JavaScript client to the same bytes.
 */
final class Signature
{
    private const WEBHOOK_PURPOSE = 'fiscalgate webhook v1';
    private const EVENTS = 'GET /api/fiscal/events?';

    private function __construct()
    {
    }

    /** BIT_DATA of a JSON text. */
    public static function encodeData(string $json): string
    {
        return base64_encode(rawurlencode($json));
    }

    /** The JSON text of BIT_DATA; null if it is none. */
    public static function decodeData(string $data): ?string
    {
        $decoded = base64_decode(strtr($data, ' -_', '++/'), true);
        return $decoded === false ? null : rawurldecode($decoded);
    }

    /** BIT_SIGNATURE: md5 over the JSON text before it is encoded, and the rest as posted. */
    public static function ofForm(
        string $account,
        string $kktToken,
        string $order,
        string $json,
        string $success,
        string $failed,
        string $code
    ): string {
        return md5($account . $kktToken . $order . $json . $success . $failed . $code);
    }

    /** What follows `&signature=` in a question for events. */
    public static function ofEvents(string $query, string $code): string
    {
        return hash_hmac('sha256', self::EVENTS . $query, $code);
    }

    /** The key of callbacks, made of the integrity code. */
    public static function webhookKey(string $code): string
    {
        return hash_hmac('sha256', self::WEBHOOK_PURPOSE, $code, true);
    }

    /** One signature of the header `webhook-signature`. */
    public static function ofWebhook(string $key, string $id, string $timestamp, string $body): string
    {
        return 'v1,' . base64_encode(hash_hmac('sha256', $id . '.' . $timestamp . '.' . $body, $key, true));
    }
}
