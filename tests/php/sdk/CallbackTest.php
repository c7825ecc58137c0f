<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Callback;
use Fiscalgate\Sdk\CallbackAnswer;
use Fiscalgate\Sdk\CallbackReceiver;
use Fiscalgate\Sdk\FileSeenStore;
use Fiscalgate\Sdk\FiscalMark;
use Fiscalgate\Sdk\Outcome;
use Fiscalgate\Sdk\Signature;
use PHPUnit\Framework\TestCase;

final class CallbackTest extends TestCase
{
    private const CODE = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
    private const NOW = 1795255260;
    private const MARK = ['fn_1041' => '9999078902012345', 'fd_1040' => 17, 'fpd_1077' => '1234567890',
        'dateTime_1012' => '2026-11-21T13:15:00', 'shift_1038' => 3, 'receiptNumber_1042' => 4,
        'regNumber_1037' => '0000000001012345', 'total_1020' => 413.8, 'receiptType_1054' => 1];

    private string $folder;
    /** @var Outcome[] */
    private array $applied = [];
    /** @var array<int, string> */
    private array $log = [];

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/fiscalgate-sdk-' . bin2hex(random_bytes(6));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob($this->folder . '/*'));
        rmdir($this->folder);
    }

    public function testAppliesWhatIsGenuine(): void
    {
        $answer = $this->receive(self::outcome());
        self::assertSame([200, 'SUCCESSFUL', 'applied'], self::of($answer));
        $outcome = $this->applied[0];
        self::assertSame(['1237', 'done', 7], [(string) $outcome->getNumber(), $outcome->getState(), $outcome->getSeq()]);
        self::assertTrue($outcome->isDone());
        $mark = $outcome->getMark();
        self::assertSame(['9999078902012345', 17, '1234567890'], [$mark->getDrive(), $mark->getDocument(), $mark->getSign()]);
        self::assertSame('t=20261121T1315&s=413.80&fn=9999078902012345&i=17&fp=1234567890&n=1', $mark->getQr());
        self::assertEquals($mark, FiscalMark::from($mark->toArray()));
    }

    public function testTellsWhyNot(): void
    {
        $this->receive(['state' => 'failed', 'result' => false, 'error' => 'нет бумаги', 'error_code' => 'no_paper',
            'error_class' => 'call_operator', 'advice' => 'Заправьте бумагу', 'paid_without_receipt' => true,
            '0' => ['type' => 'kktReceiptFiscalization', 'error' => 'нет бумаги', 'state' => 'failed'] + self::MARK] + self::outcome());
        $outcome = $this->applied[0];
        self::assertSame(
            ['failed', 'нет бумаги', 'no_paper', 'call_operator', 'Заправьте бумагу', true, null],
            [$outcome->getState(), $outcome->getError(), $outcome->getErrorCode(), $outcome->getErrorClass(),
                $outcome->getAdvice(), $outcome->isPaidWithoutReceipt(), $outcome->getMark()]
        );
    }

    public function testAppliesARepeatOnce(): void
    {
        $this->receive(self::outcome());
        self::assertSame([200, 'SUCCESSFUL', 'repeat'], self::of($this->receive(self::outcome())));
        self::assertSame([200, 'SUCCESSFUL', 'repeat'], self::of($this->receive(self::outcome(), 'another-id')));
        self::assertCount(1, $this->applied);
    }

    public function testADeliveryIsKnownByItsIdToo(): void
    {
        $unnumbered = array_diff_key(self::outcome(), ['seq' => 0]);
        self::assertSame('applied', $this->receive($unnumbered)->getReason());
        self::assertSame('repeat', $this->receive($unnumbered)->getReason());
        self::assertSame('applied', $this->receive($unnumbered, 'another-id')->getReason());
        self::assertCount(2, $this->applied);
    }

    public function testAnOlderResultDoesNotReplaceANewerOne(): void
    {
        $this->receive(['seq' => 9] + self::outcome(), 'second');
        self::assertSame('repeat', $this->receive(['seq' => 8, 'state' => 'unknown'] + self::outcome(), 'first')->getReason());
        self::assertSame('applied', $this->receive(['seq' => 10, 'state' => 'failed'] + self::outcome(), 'third')->getReason());
        self::assertSame('repeat', $this->receive(self::outcome(), 'second')->getReason());
        self::assertSame([9, 10], array_map(static fn (Outcome $outcome): int => $outcome->getSeq(), $this->applied));
    }

    public function testOrdersDoNotDisturbEachOther(): void
    {
        $this->receive(['seq' => 9] + self::outcome(), 'a');
        self::assertSame('applied', $this->receive(['order_id' => '1238', 'seq' => 8] + self::outcome(), 'b')->getReason());
    }

    public function testAWrongSignatureChangesNothing(): void
    {
        $answer = $this->receive(self::outcome(), 'id', 'other code');
        self::assertSame([401, 'signature'], [$answer->getStatus(), $answer->getReason()]);
        self::assertSame([], $this->applied);
        self::assertSame([], glob($this->folder . '/*'));
    }

    public function testAnOldCallbackIsNotBelieved(): void
    {
        self::assertSame(401, $this->receive(self::outcome(), 'id', self::CODE, self::NOW - 301)->getStatus());
        self::assertSame(200, $this->receive(self::outcome(), 'id', self::CODE, self::NOW - 300)->getStatus());
    }

    public function testAnUnsignedCallbackIsNotBelieved(): void
    {
        $body = 'json=' . rawurlencode((string) json_encode(self::outcome()));
        self::assertSame(401, $this->receiver()->receive([], $body, [$this, 'apply'])->getStatus());
        self::assertSame([], $this->applied);
    }

    public function testTheOldCodeFitsWhileItIsChanged(): void
    {
        $receiver = new CallbackReceiver(['new code', self::CODE], new FileSeenStore($this->folder), null, static fn () => self::NOW);
        [$headers, $body] = self::signed(self::outcome(), 'id', self::CODE, self::NOW);
        self::assertSame(200, $receiver->receive($headers, $body, [$this, 'apply'])->getStatus());
    }

    public function testWhatIsGenuineAndMeaninglessIsMalformed(): void
    {
        foreach (['', 'json=', 'json=%7B%7D', 'json=[]', 'json={"order_id":5,"state":"done"}', 'json[]=x', 'x=1'] as $body) {
            $answer = $this->receiver()->receive(self::headers($body, 'id', self::CODE, self::NOW), $body, [$this, 'apply']);
            self::assertSame([400, 'malformed'], [$answer->getStatus(), $answer->getReason()], $body);
        }
        self::assertSame([], $this->applied);
    }

    public function testAnUnknownOrderIsTold(): void
    {
        [$headers, $body] = self::signed(self::outcome(), 'id', self::CODE, self::NOW);
        $nobody = static fn (): bool => false;
        self::assertSame([404, 'unknown_order', 'unknown_order'], self::of($this->receiver()->receive($headers, $body, $nobody)));
        self::assertSame('applied', $this->receive(self::outcome(), 'id')->getReason(), 'it may be known later');
    }

    public function testWhatCouldNotBeAppliedComesAgain(): void
    {
        [$headers, $body] = self::signed(self::outcome(), 'id', self::CODE, self::NOW);
        $answer = $this->receiver()->receive($headers, $body, static function (): bool {
            throw new \RuntimeException('the database is away: ' . self::CODE);
        });
        self::assertSame([500, 'not applied', 'error'], self::of($answer));
        self::assertStringNotContainsString(self::CODE, implode("\n", $this->log));
        self::assertStringContainsString('the database is away: ***', implode("\n", $this->log));
        self::assertSame('applied', $this->receive(self::outcome(), 'id')->getReason());
    }

    public function testHeadersComeInAnyForm(): void
    {
        [$headers, $body] = self::signed(self::outcome(), 'id', self::CODE, self::NOW);
        $server = $upper = $lists = [];
        foreach ($headers as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
            $upper[ucwords($name, '-')] = $value;
            $lists[strtr($name, '-', '_')] = [$value];
        }
        foreach ([$server, $upper, $lists] as $form) {
            self::assertSame('id', Callback::read($form, $body, self::NOW, self::CODE)->getWebhookId());
        }
    }

    /** For the receiver. */
    public function apply(Outcome $outcome): bool
    {
        $this->applied[] = $outcome;
        return true;
    }

    private function receiver(): CallbackReceiver
    {
        $logger = function (string $level, string $message, array $context): void {
            $this->log[] = $level . ' ' . $message . ' ' . json_encode($context);
        };
        return new CallbackReceiver([self::CODE], new FileSeenStore($this->folder), $logger, static fn (): int => self::NOW);
    }

    private function receive(array $outcome, string $id = 'id', string $code = self::CODE, int $at = self::NOW): CallbackAnswer
    {
        [$headers, $body] = self::signed($outcome, $id, $code, $at);
        return $this->receiver()->receive($headers, $body, [$this, 'apply']);
    }

    private static function outcome(): array
    {
        return ['result' => true, 'id' => '01jd7m9q4v8x2c6y0t5r3w1z9k', 'order_id' => '1237', 'seq' => 7, 'state' => 'done',
            '0' => ['name' => 'Чек', 'type' => 'kktReceiptFiscalization', 'success' => 'напечатан', 'state' => 'done'] + self::MARK];
    }

    private static function signed(array $outcome, string $id, string $code, int $at): array
    {
        $body = 'json=' . rawurlencode((string) json_encode($outcome));
        return [self::headers($body, $id, $code, $at), $body];
    }

    private static function headers(string $body, string $id, string $code, int $at): array
    {
        return ['webhook-id' => $id, 'webhook-timestamp' => (string) $at,
            'webhook-signature' => Signature::ofWebhook(Signature::webhookKey($code), $id, (string) $at, $body)];
    }

    private static function of(CallbackAnswer $answer): array
    {
        return [$answer->getStatus(), $answer->getBody(), $answer->getReason()];
    }
}
