<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Log;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;
use Fiscalgate\Sdk\RetryPolicy;
use Fiscalgate\Sdk\Signature;
use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class ClientTest extends TestCase
{
    private const ID = '01jd7m9q4v8x2c6y0t5r3w1z9k';
    private const ACCEPTED = ['result' => true, 'id' => self::ID, 'order_id' => '1237', 'state' => 'queued', 'duplicate' => false,
        'status_url' => 'https://gateway.example/api/fiscal/receipts/' . self::ID, 'receipt_url' => 'https://gateway.example/r/x'];
    private const CODE = 'integrity-code-42';
    private const TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';

    /** @var string[] */
    private array $log = [];

    public function testHandsAnOperationOver(): void
    {
        $transport = new FakeTransport(self::json(202, self::ACCEPTED + ['warnings' => [
            ['path' => '/0/data', 'code' => 'cash_not_needed', 'message' => 'наличные не нужны']]]));
        $accepted = $this->client($transport)->create(self::submission());
        self::assertSame([self::ID, 'queued', false, 'https://gateway.example/r/x'], [$accepted->getId(), $accepted->getState(),
            $accepted->isDuplicate(), $accepted->getReceiptUrl()]);
        self::assertSame('/0/data: наличные не нужны (cash_not_needed)', (string) $accepted->getWarnings()[0]);
        $request = $transport->getRequests()[0];
        self::assertSame('https://gateway.example/api/fiscal/create-receipt.php', $request->getUrl());
        self::assertSame('application/x-www-form-urlencoded', $request->getHeaders()['Content-Type']);
        parse_str($request->getBody(), $fields);
        self::assertSame(self::submission()->form(self::account()), $fields);
        self::assertNotContains(self::CODE, $fields, 'the code does not travel');
    }

    public function testEveryTryHasTheSameBytes(): void
    {
        $transport = new FakeTransport(new TransportException('no answer'), self::json(503, []), self::json(200, ['duplicate' => true,
            'outcome' => ['order_id' => '1237', 'state' => 'done', 'seq' => 4]] + self::ACCEPTED));
        $stored = json_decode((string) json_encode(self::submission()->toArray()), true);
        for ($i = 0; $i < 2; ++$i) {
            try {
                $this->client($transport)->create(Submission::fromArray($stored));
                self::fail('there was no answer');
            } catch (FiscalgateException $e) {
                self::assertTrue($e->isRetryable());
            }
        }
        $accepted = $this->client($transport)->retry(Submission::fromArray($stored));
        self::assertTrue($accepted->isDuplicate());
        self::assertTrue($accepted->getOutcome()->isDone());
        $bodies = array_map(static fn ($request): string => $request->getBody(), $transport->getRequests());
        self::assertCount(1, array_unique($bodies));
    }

    public function testARefusalNamesEveryFault(): void
    {
        $transport = new FakeTransport(self::json(422, ['result' => false, 'code' => 'invalid', 'error' => 'Чек не прошёл проверку',
            'errors' => [['path' => '/0/data/purchases/0/tax_1199', 'code' => 'vat_rate_expired', 'message' => 'ставка отменена'],
                'garbage', ['path' => 5]],
            'warnings' => [['path' => '', 'code' => 'w', 'message' => 'm']]]));
        try {
            $this->client($transport)->validate(self::submission());
            self::fail('it was refused');
        } catch (ApiException $e) {
            self::assertSame([422, 'invalid', 'Чек не прошёл проверку', false], [$e->getStatus(), $e->getErrorCode(),
                $e->getMessage(), $e->isRetryable()]);
            self::assertSame('/0/data/purchases/0/tax_1199', $e->getFaults()[0]->getPath());
            self::assertCount(2, $e->getFaults());
            self::assertSame('m (w)', (string) $e->getWarnings()[0]);
            self::assertStringContainsString("\n/0/data/purchases/0/tax_1199: ставка отменена", $e->explain());
            self::assertSame(RetryPolicy::RECEIPT, RetryPolicy::reason($e));
        }
    }

    /** @dataProvider answers */
    public function testUnderstandsEveryAnswer(int $status, string $body, string $reason, string $kind): void
    {
        try {
            $this->client(new FakeTransport(new Response($status, $body)))->create(self::submission());
            self::fail('that is no acceptance');
        } catch (FiscalgateException $e) {
            self::assertInstanceOf($kind, $e);
            self::assertSame($reason, RetryPolicy::reason($e));
            self::assertSame($reason === RetryPolicy::LATER, $e->isRetryable());
        }
    }

    public static function answers(): array
    {
        $api = ApiException::class;
        $lost = TransportException::class;
        $other = (string) json_encode(['order_id' => '9'] + self::ACCEPTED);
        return [
            'html of a proxy' => [502, '<html>502</html>', 'later', $api], 'full' => [429, '{"code":"rate_limited"}', 'later', $api],
            'down' => [503, '{"code":"unavailable","error":"x"}', 'later', $api], 'broken' => [500, '', 'later', $api],
            'nothing' => [200, '', 'later', $lost], 'garbage' => [200, "\x00\xff", 'later', $lost],
            'another site' => [200, '<html>ok</html>', 'later', $lost], 'half' => [202, '{"result":true,"id"', 'later', $lost],
            'a number' => [202, '7', 'later', $lost], 'no' => [200, '{"result":false}', 'later', $lost],
            'nameless' => [202, '{"result":true}', 'later', $lost], 'another order' => [202, $other, 'later', $lost],
            'deep' => [200, str_repeat('[', 100000), 'later', $lost],
            'redirect' => [302, '', 'settings', $api], 'unauthorized' => [401, '{"code":"unauthorized"}', 'settings', $api],
            'forbidden' => [403, '', 'settings', $api], 'absent' => [404, '', 'settings', $api], 'malformed' => [400, '', 'settings', $api],
            'conflict' => [409, '{"code":"conflict"}', 'conflict', $api], 'too large' => [413, '', 'receipt', $api],
        ];
    }

    public function testAsksForTheStatus(): void
    {
        $transport = new FakeTransport(self::json(200, ['result' => true, 'id' => self::ID, 'order_id' => '1237', 'state' => 'done',
            'seq' => 4, 'error' => '', 'receipt_url' => 'https://gateway.example/r/x', 'commands' => [['index' => 0, 'mark' =>
            ['fn_1041' => '9999078902012345', 'fd_1040' => 17, 'fpd_1077' => '1234567890'], 'qr' => 't=20261121T1315&s=1.00']]]));
        $status = $this->client($transport)->status(self::ID, 60);
        self::assertTrue($status->isDone() && $status->isFinal());
        self::assertSame([17, 't=20261121T1315&s=1.00', 4], [$status->getMark()->getDocument(), $status->getQr(), $status->getSeq()]);
        self::assertStringEndsWith('/receipts/' . self::ID . '?wait=10', $transport->getRequests()[0]->getUrl());
        self::assertStringNotContainsString(self::ID, implode($this->log), 'the id is a permission');
    }

    public function testAForeignIdIsNotAskedFor(): void
    {
        $this->expectException(ValidationException::class);
        $this->client(new FakeTransport())->status('../../metrics');
    }

    public function testTakesBackWhatWasNotSent(): void
    {
        $transport = new FakeTransport(
            self::json(200, ['result' => true, 'state' => 'cancelled']),
            self::json(409, ['result' => false, 'code' => 'conflict', 'error' => 'поздно', 'state' => 'sending']),
            self::json(200, ['result' => true, 'state' => 'done'])
        );
        self::assertSame(State::CANCELLED, $this->client($transport)->cancel(self::ID));
        self::assertSame(State::DONE, $this->client($transport)->cancel(self::ID));
        $request = $transport->getRequests()[0];
        self::assertSame('Bearer ' . self::CODE, $request->getHeaders()['Authorization']);
        self::assertSame('shop', $request->getHeaders()['BIT-Account-ID']);
        self::assertSame(['POST', 'POST', 'GET'], array_map(static fn ($r): string => $r->getMethod(), $transport->getRequests()));
        self::assertStringNotContainsString(self::CODE, print_r($request, true));
    }

    public function testReadsTheFeed(): void
    {
        $transport = new FakeTransport(self::json(200, ['result' => true, 'events' => [['seq' => 5, 'outcome' =>
            ['order_id' => '1237-refund-1', 'state' => 'done', 'seq' => 5]], ['seq' => 6, 'outcome' => null]], 'next' => 6, 'more' => true]));
        $events = $this->client($transport)->events(4, 2);
        self::assertSame(['1237-refund-1'], array_map(static fn ($o): string => (string) $o->getNumber(), $events->getOutcomes()));
        self::assertSame([6, true], [$events->getNext(), $events->hasMore()]);
        $query = explode('?', $transport->getRequests()[0]->getUrl())[1];
        $signed = 'account=shop&after=4&limit=2&wait=0&ts=1795255260';
        self::assertSame($signed . '&signature=' . Signature::ofEvents($signed, self::CODE), $query);
    }

    public function testChecksTheConnectionWithoutPrinting(): void
    {
        $transport = new FakeTransport(self::json(200, ['result' => true, 'checked_for' => ['ffd_version' => '1.2'], 'warnings' => [],
            'receipts' => [['command' => 0]]]));
        $report = $this->client($transport)->checkConnection(TaxSystem::GENERAL, Vat::NONE);
        self::assertSame(['ffd_version' => '1.2'], $report->getCheckedFor());
        self::assertCount(1, $report->getReceipts());
        self::assertSame([], $report->getWarnings());
        self::assertStringEndsWith('/validate', $transport->getRequests()[0]->getUrl());
    }

    public function testTheLogHoldsNoSecretAndNoContact(): void
    {
        $transport = new FakeTransport(
            self::json(202, self::ACCEPTED),
            new TransportException('cannot reach ' . self::TOKEN),
            self::json(401, ['code' => 'unauthorized', 'error' => 'not ' . self::CODE . ' of buyer@example.ru, +79161234567'])
        );
        for ($i = 0; $i < 3; ++$i) {
            try {
                $this->client($transport)->create(self::submission());
            } catch (FiscalgateException $e) {
                self::assertNotSame('', $e->getMessage());
            }
        }
        $log = implode("\n", $this->log);
        self::assertCount(3, $this->log);
        foreach ([self::CODE, self::TOKEN, 'buyer@', 'example.ru', '79161234567', 'BIT_DATA', 'BIT_SIGNATURE'] as $hidden) {
            self::assertStringNotContainsString($hidden, $log);
        }
        self::assertStringContainsString('b***@e***', $log);
        self::assertStringContainsString('"order":"1237"', $log);
        self::assertStringContainsString('"status":401', $log);
    }

    public function testMasksEverySecretWhole(): void
    {
        $log = new Log(null, 'secret', 'secret-longer', 'ab', '');
        self::assertSame('*** and *** ab', $log->mask('secret-longer and secret ab'));
        self::assertSame('+***67 3', $log->mask('+79161234567 3'));
        self::assertSame('+***89', $log->mask('+123456789012789'));
    }

    public function testAnotherTryNeedsProofThatNothingWasPrinted(): void
    {
        $failed = self::submission();
        $next = $failed->nextTry(State::FAILED, self::receipt(), self::account());
        self::assertSame('1237-try-2', (string) $next->getNumber());
        self::assertSame('1237-try-3', (string) $next->nextTry(State::CANCELLED, self::receipt(), self::account())->getNumber());
        foreach ([State::UNKNOWN, State::QUEUED, State::SENDING, State::DONE, 'new', ''] as $state) {
            try {
                $failed->nextTry($state, self::receipt(), self::account());
                self::fail('it may be printed: ' . $state);
            } catch (ValidationException $e) {
                self::assertSame('submission', $e->getField());
            }
        }
    }

    public function testAStoredSubmissionMustBeWhole(): void
    {
        foreach ([[], ['order' => '1'], ['order' => '1', 'data' => '[{'], ['data' => '[]']] as $stored) {
            try {
                Submission::fromArray($stored);
                self::fail('it is not whole');
            } catch (ValidationException $e) {
                self::assertFalse($e->isRetryable());
            }
        }
    }

    public function testPausesGrowAndEnd(): void
    {
        $policy = new RetryPolicy();
        $lost = new TransportException('x');
        $pauses = [];
        for ($tries = 1; ($pause = $policy->pause($tries, $lost)) !== null; ++$tries) {
            $pauses[] = $pause;
        }
        self::assertSame(RetryPolicy::PAUSES, $pauses);
        self::assertGreaterThan(60 * 60 * 48, array_sum($pauses));
        self::assertSame([48, 72], [$policy->pause(1, $lost, 0.0), $policy->pause(1, $lost, 1.0)]);
        self::assertSame(600, $policy->pause(1, new ApiException(503, 'unavailable', 'x', [], [], 600)));
        self::assertSame(60, $policy->pause(1, new ApiException(503, 'unavailable', 'x', [], [], 1)));
        self::assertSame(3600, $policy->pause(1, new ApiException(429, 'rate_limited', 'x', [], [], 999999)));
        self::assertNull($policy->pause(1, new ApiException(422, 'invalid', 'x')));
        self::assertNull($policy->pause(1, new ValidationException('x', 'y')));
        self::assertSame([5, null], [(new RetryPolicy([5]))->pause(1, $lost), (new RetryPolicy([5]))->pause(2, $lost)]);
    }

    private function client(FakeTransport $transport): Client
    {
        return new Client(self::account(), $transport, function (string $level, string $message, array $context): void {
            $this->log[] = $level . ' ' . $message . ' ' . json_encode($context, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        }, 'ru', static fn (): int => 1795255260);
    }

    private static function account(): Account
    {
        return (new Account('https://gateway.example', 'shop', self::TOKEN, self::CODE))
            ->withCallback('https://shop.example/fiscal');
    }

    private static function receipt(): Receipt
    {
        return ReceiptBuilder::sale(TaxSystem::GENERAL, 100)->addItem(new Item('Чай', 100, Quantity::ONE, Vat::RATE_22))
            ->build(Customer::email('buyer@example.ru'));
    }

    private static function submission(): Submission
    {
        return Submission::of(OrderNumber::sale('1237'), self::receipt(), self::account());
    }

    private static function json(int $status, array $data): Response
    {
        return new Response($status, (string) json_encode($data));
    }
}
