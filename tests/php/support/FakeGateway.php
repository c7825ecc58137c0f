<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\TransportInterface;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\Signature;

/**
 * A fake: a gateway in memory, for tests of plugins. It takes each order number once, as the real one does, and prints
 * when it is told to.
 */
final class FakeGateway implements TransportInterface
{
    public const CODE = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
    public const TOKEN = '0123456789abcdef0123456789abcdef';

    /** @var array<string, array{id: string, data: string, state: string, seq: int, error: string}> by order number */
    public array $tasks = [];
    /** @var string[] "POST 1237" and the like, in order */
    public array $asked = [];
    /** "down", "garbage", "busy", "refuses", or "" */
    public string $mood = '';
    private int $seq = 0;

    /** @return array<string, string> what an owner would enter */
    public static function settings(): array
    {
        return ['url' => 'https://gateway.example', 'account' => 'shop-1', 'token' => self::TOKEN, 'code' => self::CODE];
    }

    public function send(Request $request): Response
    {
        $path = (string) parse_url($request->getUrl(), PHP_URL_PATH);
        $isPost = $request->getMethod() === 'POST';
        parse_str($request->getBody(), $form);
        $this->asked[] = $request->getMethod() . ' ' . ($isPost ? $form['BIT_ORDER_ID'] ?? $path : basename($path));
        if ($this->mood === 'down') {
            throw new TransportException('no answer: connection refused');
        }
        if ($this->mood === 'garbage') {
            return new Response(200, '<html>Under construction</html>');
        }
        if ($this->mood === 'busy') {
            return new Response(503, '{"result":false,"code":"busy","error":"later"}', ['Retry-After' => '7']);
        }
        return $isPost ? $this->post($form, substr($path, -9) === '/validate') : $this->status(basename($path));
    }

    /** The receipt that was posted under a number. */
    public function receipt(string $number): array
    {
        return Json::decode($this->tasks[$number]['data'])[0]['data'];
    }

    /** Kopecks of all its lines. */
    public function total(string $number): int
    {
        $sum = 0;
        foreach ($this->receipt($number)['purchases'] as $purchase) {
            $sum += (int) round($purchase['amount_1043'] * 100);
        }
        return $sum;
    }

    /** @return string[] "name x quantity = sum, vat" */
    public function lines(string $number): array
    {
        return array_map(static function (array $purchase): string {
            return sprintf('%s x %s = %.2f, %d', $purchase['productName_1030'], $purchase['qty_1023'], $purchase['amount_1043'], $purchase['tax_1199']);
        }, $this->receipt($number)['purchases']);
    }

    public function finish(string $number, string $state = 'done', string $error = ''): void
    {
        $this->tasks[$number] = ['state' => $state, 'seq' => ++$this->seq, 'error' => $error] + $this->tasks[$number];
    }

    /**
     * The callback about an operation as it is now.
     *
     * @param array<string, mixed> $changes to the outcome
     * @return array{array<string, string>, string} headers and body
     */
    public function callback(string $number, array $changes = [], int $time = 0, string $code = self::CODE): array
    {
        $task = $this->tasks[$number] ?? ['id' => '01nobody00', 'state' => 'done', 'seq' => 99, 'error' => ''];
        $outcome = $changes + ['id' => $task['id'], 'order_id' => $number, 'state' => $task['state'], 'seq' => $task['seq'],
            'result' => $task['state'] === 'done', 'error' => $task['error'], '0' => ['type' => 'kktReceiptFiscalization',
                'state' => $task['state']] + ($task['state'] === 'done' ? $this->mark($task['seq']) : [])];
        $body = http_build_query(['json' => json_encode($outcome)]);
        $id = 'msg-' . $number . '-' . $outcome['seq'];
        $time = $time === 0 ? time() : $time;
        $signature = Signature::ofWebhook(Signature::webhookKey($code), $id, (string) $time, $body);
        return [['webhook-id' => $id, 'webhook-timestamp' => (string) $time, 'webhook-signature' => $signature], $body];
    }

    private function post(array $form, bool $isCheck): Response
    {
        $data = rawurldecode((string) base64_decode($form['BIT_DATA']));
        $signature = Signature::ofForm($form['BIT_ACCOUNT_ID'], $form['BIT_KKT_TOKEN'], $form['BIT_ORDER_ID'], $data, $form['BIT_CALLBACK_SUCCESS'], $form['BIT_CALLBACK_FAILED'], self::CODE);
        if ($form['BIT_KKT_TOKEN'] !== self::TOKEN || !hash_equals($signature, $form['BIT_SIGNATURE'])) {
            return new Response(401, '{"result":false,"code":"unauthorized","error":"Подпись не подходит"}');
        }
        if ($this->mood === 'refuses') {
            return new Response(422, '{"result":false,"code":"invalid","error":"Чек не прошёл проверку","errors":'
                . '[{"path":"/0/data","code":"odd","message":"так нельзя"}]}');
        }
        if ($isCheck) {
            return new Response(200, '{"result":true}');
        }
        $number = $form['BIT_ORDER_ID'];
        $isKnown = isset($this->tasks[$number]);
        if ($isKnown && $this->tasks[$number]['data'] !== $data) {
            return new Response(409, '{"result":false,"code":"conflict","error":"Под этим номером другой чек"}');
        }
        $this->tasks[$number] = $this->tasks[$number] ?? ['id' => sprintf('01task%04d', count($this->tasks)), 'data' => $data,
            'state' => 'queued', 'seq' => 0, 'error' => ''];
        $task = $this->tasks[$number];
        return new Response($isKnown ? 200 : 202, (string) json_encode(['result' => true, 'id' => $task['id'],
            'order_id' => $number, 'state' => $task['state'], 'duplicate' => $isKnown,
            'receipt_url' => 'https://gateway.example/r/' . $task['id']]));
    }

    private function status(string $id): Response
    {
        foreach ($this->tasks as $number => $task) {
            if ($task['id'] === $id) {
                $commands = $task['state'] === 'done' ? [['mark' => $this->mark($task['seq'])]] : [];
                return new Response(200, (string) json_encode(['result' => true, 'order_id' => (string) $number,
                    'receipt_url' => 'https://gateway.example/r/' . $id, 'commands' => $commands] + $task));
            }
        }
        return new Response(404, '{"result":false,"code":"not_found","error":"no such receipt"}');
    }

    private function mark(int $document): array
    {
        return ['fn_1041' => '9999078902012345', 'fd_1040' => $document, 'fpd_1077' => '1234567890',
            'dateTime_1012' => '2026-11-21T13:15:00', 'shift_1038' => 3, 'receiptNumber_1042' => 4,
            'regNumber_1037' => '0000000001012345', 'total_1020' => 413.8, 'receiptType_1054' => 1];
    }
}
