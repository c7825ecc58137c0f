<?php

/**
 * Calls one method of the SDK's client, for test_php_sdk.py: `SHOP=settings.json php sdk_client.php METHOD [ARGUMENT...]`
 * prints what came of it as JSON.
 */

declare(strict_types=1);

use Fiscalgate\Sdk as Fiscal;

require __DIR__ . '/../../cms-plugins/php-sdk/autoload.php';

$shop = Fiscal\Json::decode((string) file_get_contents((string) getenv('SHOP')));
$account = new Fiscal\Account($shop['url'], $shop['account'], $shop['token'], $shop['code']);
$transport = ($shop['transport'] ?? '') === 'stream' ? new Fiscal\Http\StreamTransport() : new Fiscal\Http\CurlTransport();
$log = [];
$client = new Fiscal\Client($account, $transport, static function (string $level, string $text, array $context) use (&$log): void {
    $log[] = $level . ' ' . $text . ' ' . json_encode($context, JSON_UNESCAPED_UNICODE);
}, 'en');
$receipt = static fn (string $name, int $vat): Fiscal\Receipt => Fiscal\ReceiptBuilder::sale(Fiscal\TaxSystem::GENERAL, 9999)
    ->addItem(new Fiscal\Item($name, 3333, Fiscal\Quantity::pieces(3), $vat))
    ->build(Fiscal\Customer::email('buyer@example.ru'));
$submission = static fn (string $order, int $vat): Fiscal\Submission =>
    Fiscal\Submission::of(Fiscal\OrderNumber::parse($order), $receipt('Мёд', $vat), $account);
$methods = [
    'create' => static function (string $order) use ($client, $submission): array {
        $accepted = $client->create($submission($order, Fiscal\Vat::NONE));
        return ['id' => $accepted->getId(), 'state' => $accepted->getState(), 'duplicate' => $accepted->isDuplicate(),
            'page' => $accepted->getReceiptUrl(), 'done' => $accepted->getOutcome() && $accepted->getOutcome()->isDone()];
    },
    'conflict' => static function (string $order) use ($client, $submission): array {
        return ['id' => $client->create($submission($order, Fiscal\Vat::RATE_10))->getId()];
    },
    'validate' => static function (string $vat) use ($client, $submission): array {
        $report = $client->validate($submission('check-1', (int) $vat));
        return ['for' => $report->getCheckedFor(), 'receipts' => $report->getReceipts()];
    },
    'connection' => static function () use ($client): array {
        return ['receipts' => count($client->checkConnection(Fiscal\TaxSystem::GENERAL, Fiscal\Vat::NONE)->getReceipts())];
    },
    'status' => static function (string $id, string $wait) use ($client): array {
        $status = $client->status($id, (int) $wait);
        $mark = $status->getMark();
        return ['state' => $status->getState(), 'order' => $status->getOrderNumber(), 'seq' => $status->getSeq(),
            'qr' => $status->getQr(), 'mark' => $mark === null ? null : $mark->toArray(),
            'own_qr' => $mark === null ? '' : $mark->getQr(), 'waits' => $status->getWaitReason()];
    },
    'events' => static function (string $after) use ($client): array {
        $events = $client->events((int) $after, 500);
        return ['next' => $events->getNext(), 'orders' => array_map(static function (Fiscal\Outcome $outcome): string {
            return $outcome->getNumber() . ' ' . $outcome->getState();
        }, $events->getOutcomes())];
    },
    'cancel' => static function (string $id) use ($client): array {
        return ['state' => $client->cancel($id)];
    },
];
try {
    $result = $methods[$argv[1]](...array_slice($argv, 2));
} catch (Fiscal\Exception\FiscalgateException $e) {
    $result = ['thrown' => basename(strtr(get_class($e), '\\', '/')), 'reason' => Fiscal\RetryPolicy::reason($e),
        'error' => $e instanceof Fiscal\Exception\ApiException ? $e->explain() : $e->getMessage()];
}
echo json_encode($result + ['log' => $log], JSON_UNESCAPED_UNICODE), "\n";
