<?php

declare(strict_types=1);

use Fiscalgate\Sdk as Fiscal;

require __DIR__ . '/../autoload.php';
$read = static fn (string $file): ?array => is_file($file) ? Fiscal\Json::decode((string) file_get_contents($file)) : null;
$shop = $read((string) getenv('SHOP'));
$account = (new Fiscal\Account($shop['url'], $shop['account'], $shop['token'], $shop['code']))->withCallback($shop['callback']);
$file = static fn (Fiscal\OrderNumber $number, string $kind): string => "$shop[folder]/" . sha1((string) $number) . ".$kind";
$save = static fn (string $file, array $data) => file_put_contents("$file-new", Fiscal\Json::encode($data), LOCK_EX)
    && rename("$file-new", $file);

if (($argv[1] ?? '') === 'paid') { // 1. The hook of a paid order: fix what will be posted. No network, so it cannot fail the checkout.
    $order = $read($argv[2]);
    $number = Fiscal\OrderNumber::sale($order['number']);
    $builder = Fiscal\ReceiptBuilder::sale(Fiscal\TaxSystem::GENERAL, Fiscal\Money::parse($order['total']));
    foreach ($order['lines'] as $line) {
        [$price, $quantity] = [Fiscal\Money::parse($line['price']), Fiscal\Quantity::parse($line['quantity'])];
        $builder->addItem(Fiscal\Item::of($line['name'], $price, $quantity, Fiscal\Vat::RATE_22));
    }
    $builder->addDelivery('Доставка', Fiscal\Money::parse($order['delivery']), Fiscal\Vat::RATE_22);
    $builder->addDiscount(Fiscal\Money::parse($order['coupon']));
    $receipt = $builder->build(Fiscal\Customer::emailOrPhone($order['email'], $order['phone']))->withSite($shop['site']);
    if (!is_file($file($number, 'post'))) { // the hook came twice: what was fixed first stays
        $save($file($number, 'post'), ['due' => 0, 'tries' => 0] + Fiscal\Submission::of($number, $receipt, $account)->toArray());
    }
} elseif (($argv[1] ?? '') === 'cron') { // 2. Every minute: post what the gateway has not taken yet, always the same.
    foreach (glob("$shop[folder]/*.post") as $name) {
        $post = $read($name);
        if ($post['due'] === null || $post['due'] > time()) {
            continue; // taken, or somebody must look at $post['error']
        }
        try {
            $accepted = (new Fiscal\Client($account))->create(Fiscal\Submission::fromArray($post));
            $post = ['due' => null, 'page' => $accepted->getReceiptUrl(), 'error' => ''] + $post;
        } catch (Fiscal\Exception\FiscalgateException $e) {
            $pause = (new Fiscal\RetryPolicy())->pause(++$post['tries'], $e, mt_rand() / mt_getrandmax());
            $post = ['due' => $pause === null ? null : time() + $pause, 'error' => $e->getMessage()] + $post;
        }
        $save($name, $post);
    }
} else { // 3. The page for callbacks: what became of it. Amounts in it are not believed, only state and mark are kept.
    $receiver = new Fiscal\CallbackReceiver([$shop['code']], new Fiscal\FileSeenStore($shop['folder']));
    $apply = static fn (Fiscal\Outcome $outcome): bool => is_file($file($outcome->getNumber(), 'post'))
        && $save($file($outcome->getNumber(), 'result'), ['state' => $outcome->getState(), 'error' => $outcome->getError(),
            'advice' => $outcome->getAdvice(), 'mark' => $outcome->getMark() ? $outcome->getMark()->toArray() : null]);
    $receiver->receive($_SERVER, (string) file_get_contents('php://input'), $apply)->send();
}
